/** The history of an execution as lines for people: one for each event, without payloads. */
import type { ErrorInfo } from '../core/errors.ts';
import type { NodeWaiting } from '../core/execution/events/node-waiting.ts';
import { PINNED, SUPPRESSED } from '../core/execution/index.ts';
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
  if (type === 'execution.failed' || type === 'execution.failing' || type === 'execution.compensation_failed')
    return 'error';
  if (type === 'execution.compensating' || type === 'saga.compensating') return 'warn';
  if (type === 'node.failed') return data.port === null ? 'error' : 'warn';
  return type === 'node.retrying' || type === 'execution.canceled' ? 'warn' : 'info';
}

function say(event: StoredEvent): string {
  switch (event.type) {
    case 'execution.created':
      if (event.data.test !== undefined) return 'created by a test';
      return `created by ${event.data.triggerId}, on version ${event.data.version}`;
    case 'execution.gathered':
      return `stands for ${event.data.triggers.length} starts`;
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
      return `goes on from ${event.data.from ?? 'the nodes that failed'}: ${event.data.reason}`;
    case 'execution.paused':
      return `paused: ${event.data.reason}`;
    case 'execution.resumed':
      return `resumed: ${event.data.reason}`;
    case 'execution.compensating':
    case 'saga.compensating':
      return `undoes what was done: ${shown(event.data.error)}`;
    case 'execution.compensated':
      return 'everything that was done is undone';
    case 'execution.compensation_failed':
      return shown(event.data.error);
    case 'node.compensating':
      return `undoes ${event.data.of}`;
    case 'node.skipped':
      if (event.data.reason === PINNED || event.data.reason === SUPPRESSED)
        return `${event.data.reason}, went on by ${event.data.port}`;
      return `skipped by hand, went on by ${event.data.port}: ${event.data.reason}`;
    case 'node.signaled':
      return 'timer' in event.data.heard ? `its timer ${event.data.heard.timer} rang` : 'was answered';
    case 'callback.received':
      return 'a callback came before a node waited for it';
    case 'container.opened':
      return `opened${countOf(event.data.iteration)}`;
    case 'iteration.started':
      return `iteration ${event.data.index} started`;
    case 'node.started':
      return event.data.attempt === 1 ? 'started' : `attempt ${event.data.attempt} started`;
    case 'node.waiting':
      return waitsFor(event.data.for);
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

function waitsFor(wait: NodeWaiting['data']['for']): string {
  if ('timerId' in wait) return `waits until ${iso(wait.until)}`;
  if ('executionId' in wait) return `waits for execution ${wait.executionId} of ${wait.workflow}`;
  return wait.kind === 'approval'
    ? 'waits for a decision'
    : `waits for ${wait.kind === 'event' ? 'an event' : 'a callback'}`;
}

function countOf({ items, total }: { readonly items?: readonly unknown[]; readonly total?: number }): string {
  const count = items?.length ?? total;
  return count === undefined ? '' : ` for ${count} ${count === 1 ? 'iteration' : 'iterations'}`;
}

const shown = ({ code, message }: ErrorInfo): string => `${message} (${code})`;

const iso = (ms: number): string => new Date(ms).toISOString();
