/** What a trigger waits for, in a line. A new type: a line here; one without says only its name. */
import { isObject } from '../../../src/core/json.ts';

type Config = Readonly<Record<string, unknown>>;

/** Undefined where nothing is said yet. */
type Line = (config: Config) => string | undefined;

const LINES: Readonly<Record<string, Line>> = {
  manual: () => 'by hand or by the API',
  webhook: ({ method = 'POST', path }) => said(method, path ? `/${String(path).replace(/^\//, '')}` : undefined),
  schedule: ({ cron, every, at, timezone }) => said(cron ?? said('every', every) ?? said('at', at), timezone ?? ''),
  event: ({ event, topic, filter }) => said(event, topic ? `of ${topic}` : '', filter ? `where ${filter}` : ''),
  poll: ({ every, http, sql }) => said('every', every, watched(http, sql)),
  workflow: ({ workflow, on = ['completed'] }) => said(workflow, Array.isArray(on) ? on.join(' or ') : on),
  kafka: ({ topic }) => said('topic', topic),
  nats: ({ subject }) => said('subject', subject),
  rabbitmq: ({ queue, exchange, routingKey }) =>
    said('queue', queue) ?? said('exchange', exchange, [routingKey ?? ''].flat().join(' ')),
  redis: ({ stream, channels }) => said('stream', stream) ?? said('channels', channels),
  table: ({ table }) => said('table', table),
};

/** `url` is where a webhook listens, as the server says it. */
export function triggerLine(type: string, config: Config, url?: string | null): string {
  const line = LINES[type]?.(config) ?? type;
  if (type !== 'webhook' || url === undefined || url === null) return line;
  return `${String(config.method ?? 'POST')} ${url}`;
}

/** Nothing where a part is not there; an empty one is left out. */
function said(...parts: readonly unknown[]): string | undefined {
  if (parts.some((part) => part === undefined || part === null)) return undefined;
  return parts.map(String).filter(Boolean).join(' ');
}

function watched(http: unknown, sql: unknown): string {
  if (isObject(http)) return said(http.method ?? 'GET', http.url ?? '') ?? '';
  return isObject(sql) ? `in ${String(sql.connection ?? 'a database')}` : '';
}
