/** The history of an execution as lines for people: one for each event, without payloads. */
import type { ErrorInfo } from '../core/errors.ts';
import type { StoredEvent } from '../ports/store.ts';

export interface LogLineView {
  readonly seq: number;
  /** ISO string. */
  readonly at: string;
  readonly level: 'info' | 'warn' | 'error';
  readonly path?: string;
  readonly message: string;
}

export function logLine(event: StoredEvent): LogLineView {
  const path = 'path' in event.data && event.data.path !== null ? { path: event.data.path } : {};
  return { seq: event.seq, at: new Date(event.at).toISOString(), level: levelOf(event), ...path, message: say(event) };
}

function levelOf({ type, data }: StoredEvent): LogLineView['level'] {
  if (type === 'execution.failed' || type === 'execution.failing') return 'error';
  if (type === 'node.failed') return data.port === null ? 'error' : 'warn';
  return type === 'node.retrying' || type === 'execution.canceled' ? 'warn' : 'info';
}

function say(event: StoredEvent): string {
  switch (event.type) {
    case 'execution.created':
      return `created by ${event.data.triggerId}, on version ${event.data.version}`;
    case 'execution.started':
      return event.data.deadline === undefined ? 'started' : `started; it has until ${iso(event.data.deadline.at)}`;
    case 'execution.completed':
      return 'completed';
    case 'execution.failing':
      return `is failing: ${shown(event.data.error)}`;
    case 'execution.failed':
      return `failed: ${shown(event.data.error)}`;
    case 'execution.canceled':
      return `canceled: ${event.data.reason}`;
    case 'execution.retried':
      return `goes on from the nodes that failed: ${event.data.reason}`;
    case 'container.opened':
      return `opened${countOf(event.data.iteration)}`;
    case 'iteration.started':
      return `iteration ${event.data.index} started`;
    case 'node.started':
      return event.data.attempt === 1 ? 'started' : `attempt ${event.data.attempt} started`;
    case 'node.waiting':
      return 'timerId' in event.data.for
        ? `waits until ${iso(event.data.for.until)}`
        : `waits for execution ${event.data.for.executionId} of ${event.data.for.workflow}`;
    case 'node.retrying':
      return `attempt ${event.data.attempt} failed, the next comes at ${iso(event.data.until)}: ${shown(event.data.error)}`;
    case 'node.woken':
      return 'the pause before the next attempt is over';
    case 'node.completed':
      return event.data.port === 'out' ? 'completed' : `completed by ${event.data.port}`;
    case 'node.failed':
      return `failed${event.data.port === null ? '' : `, went on by ${event.data.port}`}: ${shown(event.data.error)}`;
    case 'response.sent':
      return `answered the caller with status ${event.data.response.status}`;
    case 'message.emitted':
      return `emitted ${event.data.message.type} as message ${event.data.id}`;
  }
}

function countOf({ items, total }: { readonly items?: readonly unknown[]; readonly total?: number }): string {
  const count = items?.length ?? total;
  return count === undefined ? '' : ` for ${count} ${count === 1 ? 'iteration' : 'iterations'}`;
}

const shown = ({ code, message }: ErrorInfo): string => `${message} (${code})`;

const iso = (ms: number): string => new Date(ms).toISOString();
