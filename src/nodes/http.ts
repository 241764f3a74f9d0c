/** The http node: one request, or page after page, through the egress port. */
import { connectionDependency, openConnection } from '../core/connections/connection-field.ts';
import { http as httpConnection } from '../core/connections/types/http.ts';
import type { Effect } from '../core/effect.ts';
import type { NodeResult, TaskContext, TaskNode } from '../core/node-type.ts';
import type { Egress } from '../ports/egress.ts';
import { checkStatus, readAnswer } from './http/answer.ts';
import { type HttpConfig, httpConfig } from './http/config.ts';
import { withConnection } from './http/connection.ts';
import { readPages } from './http/pages.ts';
import { buildRequest, countOf, hostOf, isSafe, methodOf } from './http/request.ts';

export { type HttpConfig, httpConfig };

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Output `{ status, headers, body }`, with paging also `more`. Throws `http_client_error`, `http_rate_limited`,
 * `http_server_error` (data: `status`, `retryAfterMs`, `body` up to 2 KiB), `http_invalid_answer`, `config_invalid`,
 * and what the egress and a connection throw.
 */
export function httpNode(egress: Pick<Egress, 'request'>): TaskNode<HttpConfig> {
  return {
    type: 'http',
    version: 1,
    description: 'Sends an HTTP request and outputs the answer.',
    example: { method: 'POST', url: 'https://api.example.com/orders', body: { item: '{{ $json.item }}' } },
    config: httpConfig,
    first: ['method', 'url', 'connection', 'headers', 'query', 'body', 'auth'],
    ports: () => ['out', 'error'],
    effect,
    dependency: ({ connection, url }) =>
      connection === undefined ? hostOf(url) : connectionDependency({ connection }),
    run: (config, task) => run(egress, config, task),
  };
}

/** From the config as written: a method that a template will tell may be any. */
function effect(config: HttpConfig): Effect {
  const isTemplate = config.method?.includes('{{') ?? false;
  if (!isTemplate && isSafe(methodOf(config))) return 'read';
  const repeats = config.idempotent === true || config.method === 'PUT' || config.method === 'DELETE';
  return repeats ? 'idempotent' : 'irreversible';
}

async function run(egress: Pick<Egress, 'request'>, written: HttpConfig, task: TaskContext): Promise<NodeResult> {
  const { connection } = written;
  const config =
    connection === undefined
      ? written
      : withConnection(written, await openConnection(task, connection, httpConnection));
  const request = buildRequest(config, task.idempotencyKey);
  const maxBytes = countOf(config.maxBytes, 'maxBytes', DEFAULT_MAX_BYTES);

  const fetchPage = async (url: string, limit: number) => {
    const response = await egress.request({ ...request, url, maxBytes: limit, signal: task.signal });
    checkStatus(config, request.method, response, task.env.$now);
    return { answer: readAnswer(response, config.response), size: response.body.length };
  };

  if (config.paginate === undefined) return { output: (await fetchPage(request.url, maxBytes)).answer };
  return { output: await readPages(fetchPage, request.url, config.paginate, maxBytes) };
}
