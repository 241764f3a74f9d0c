/** Events of the history as people read them: a name, a tone, the node it is about, and what it says beside. */
import type { EventAnswer } from '../../../../../src/contract/executions.ts';
import type { EventType } from '../../../../../src/core/execution/index.ts';
import { isObject } from '../../../../../src/core/json.ts';
import type { Tone } from '../../../components/tone.ts';

/** Null: about the execution as a whole. */
export function pathOf({ type, data }: EventAnswer): string | null {
  return isObject(data) && typeof data.path === 'string' && !type.startsWith('execution.') ? data.path : null;
}

/** Of every type there is, in the order in which they are offered as a filter. */
const TONES: Readonly<Record<EventType, Tone>> = {
  'execution.created': 'neutral',
  'execution.gathered': 'neutral',
  'execution.started': 'info',
  'execution.completed': 'ok',
  'execution.failing': 'bad',
  'execution.failed': 'bad',
  'execution.canceled': 'neutral',
  'execution.retried': 'info',
  'execution.paused': 'warn',
  'execution.resumed': 'info',
  'execution.compensating': 'warn',
  'execution.compensated': 'neutral',
  'execution.compensation_failed': 'bad',
  'node.started': 'info',
  'node.waiting': 'warn',
  'node.signaled': 'neutral',
  'node.retrying': 'warn',
  'node.woken': 'neutral',
  'node.completed': 'ok',
  'node.failed': 'bad',
  'node.skipped': 'neutral',
  'node.compensating': 'warn',
  'container.opened': 'info',
  'iteration.started': 'neutral',
  'saga.compensating': 'warn',
  'callback.received': 'neutral',
  'response.sent': 'neutral',
  'message.emitted': 'neutral',
};

export const EVENT_TYPES = Object.keys(TONES);

export const eventTone = (type: string): Tone => TONES[type as EventType] ?? 'neutral';

/** `node.completed` as `node completed`. */
export const eventName = (type: string): string => type.replace('.', ' ').replaceAll('_', ' ');

/** One line beside the name; what is long is in the event itself. */
export function eventNote({ type, data, omitted = [] }: EventAnswer): string {
  if (!isObject(data)) return '';
  if (isObject(data.error)) return failureNote(data.error, data);
  const own = NOTES[type as EventType]?.(data, omitted);
  if (own !== undefined) return own;
  if (typeof data.reason === 'string') return data.reason;
  if (typeof data.port === 'string' && data.port !== 'out') return `by ${data.port}`;
  return typeof data.of === 'string' ? `undoes ${data.of}` : '';
}

type Data = Readonly<Record<string, unknown>>;
type Omitted = NonNullable<EventAnswer['omitted']>;

/** What only events of this type have to say; undefined: nothing of its own. */
const NOTES: { readonly [T in EventType]?: (data: Data, omitted: Omitted) => string | undefined } = {
  'execution.created': ({ test, triggerId, version }) =>
    test === undefined ? `by ${triggerId}, on version ${version}` : 'by a test',
  'execution.gathered': ({ triggers }, omitted) => {
    const count = lengthOf(triggers, 'triggers', omitted);
    return count === undefined ? undefined : counted(count, 'start');
  },
  'execution.started': ({ deadline }) => (isObject(deadline) ? `it has until ${clock(deadline.at)}` : undefined),
  'execution.retried': ({ from, reason }) => (typeof from === 'string' ? `from ${from}: ${reason}` : undefined),
  'node.started': ({ attempt }) => (Number(attempt) > 1 ? `attempt ${attempt}` : undefined),
  'node.waiting': (data) => (isObject(data.for) ? waitNote(data.for) : undefined),
  'node.signaled': ({ heard }) =>
    isObject(heard) && typeof heard.timer === 'string' ? `its timer ${heard.timer} rang` : 'was answered',
  'container.opened': ({ iteration }, omitted) => iterationsNote(iteration, omitted),
  'iteration.started': ({ index }) => `iteration ${index}`,
  'response.sent': ({ response }) => (isObject(response) ? `status ${response.status}` : undefined),
  'message.emitted': ({ message }) => (isObject(message) ? String(message.type) : undefined),
};

/** Where another attempt comes, when; where another way is taken, by which port. */
function failureNote({ message, code }: Data, { until, port }: Data): string {
  const next =
    typeof until === 'number' ? `, again at ${clock(until)}` : typeof port === 'string' ? `, went on by ${port}` : '';
  return `${message ?? ''} (${code ?? ''})${next}`;
}

function waitNote(wait: Data): string {
  if (typeof wait.kind === 'string') return `for ${wait.kind}`;
  if (typeof wait.workflow === 'string') return `for an execution of ${wait.workflow}`;
  return typeof wait.until === 'number' ? `until ${clock(wait.until)}` : '';
}

function iterationsNote(iteration: unknown, omitted: Omitted): string | undefined {
  const { items, total } = isObject(iteration) ? iteration : { items: undefined, total: undefined };
  const count = lengthOf(items, 'iteration.items', omitted) ?? total;
  return typeof count === 'number' ? counted(count, 'iteration') : undefined;
}

/** Of a list that may have been left out. */
const lengthOf = (list: unknown, field: string, omitted: Omitted): number | undefined =>
  Array.isArray(list) ? list.length : omitted.find((one) => one.field === field)?.items;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** With its date: it may be of another day. */
const clock = (ms: unknown): string =>
  new Date(Number(ms)).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
