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
export function eventNote({ type, data }: EventAnswer): string {
  if (!isObject(data)) return '';
  if (isObject(data.error)) return `${data.error.message ?? ''} (${data.error.code ?? ''})`;
  if (type === 'node.started' && Number(data.attempt) > 1) return `attempt ${data.attempt}`;
  if (type === 'iteration.started') return `iteration ${data.index}`;
  if (typeof data.reason === 'string') return data.reason;
  if (typeof data.port === 'string' && data.port !== 'out') return `by ${data.port}`;
  if (type === 'node.waiting' && isObject(data.for)) return waitNote(data.for);
  if (type === 'execution.created') return `by ${data.triggerId}, on version ${data.version}`;
  if (typeof data.of === 'string') return `undoes ${data.of}`;
  return '';
}

function waitNote(wait: Readonly<Record<string, unknown>>): string {
  if (typeof wait.kind === 'string') return `for ${wait.kind}`;
  if (typeof wait.workflow === 'string') return `for an execution of ${wait.workflow}`;
  return typeof wait.until === 'number' ? `until ${new Date(wait.until).toLocaleTimeString()}` : '';
}
