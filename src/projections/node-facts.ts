/**
 * What the events of one execution say of its nodes, by path: when, how often, how it ended, what it waits for.
 * Reads the events only, so it serves also where the definition is gone.
 */
import type { ErrorInfo } from '../core/errors.ts';
import type { NodeWaiting } from '../core/execution/events/node-waiting.ts';
import type { ExecutionEvent } from '../core/execution/index.ts';
import type { Wait } from '../core/execution/state.ts';
import { isObject } from '../core/json.ts';

type FactStatus = 'pending' | 'running' | 'waiting' | 'completed' | 'failed';

export interface NodeFacts {
  status: FactStatus;
  attempt: number;
  port: string | null;
  output: unknown;
  error: ErrorInfo | null;
  /** Milliseconds since the epoch. */
  startedAt: number | null;
  finishedAt: number | null;
  wait: WaitFacts | null;
  /** Of a container: iterations it has, null where a condition ends it; and those begun so far. */
  total: number | null;
  begun: number;
  isContainer: boolean;
}

export interface WaitFacts {
  readonly reason: Wait['reason'];
  /** Milliseconds since the epoch. */
  readonly until?: number;
  readonly executionId?: string;
  /** Of a question to the outside. */
  readonly waitId?: string;
  readonly details?: unknown;
}

/** Folds one event of a node into its facts; events of the execution as a whole say nothing here. */
export function learn(facts: NodeFacts, { type, at, data }: ExecutionEvent): void {
  switch (type) {
    case 'node.started':
      facts.startedAt ??= at;
      Object.assign(facts, { status: 'running', attempt: data.attempt, finishedAt: null });
      return;
    case 'container.opened': {
      const { items, total } = data.iteration;
      facts.startedAt ??= at;
      Object.assign(facts, { status: 'running', total: items?.length ?? total ?? null, begun: 0, isContainer: true });
      return;
    }
    case 'iteration.started':
      facts.begun = Math.max(facts.begun, data.index + 1);
      return;
    case 'node.waiting':
      facts.startedAt ??= at;
      facts.wait = waitOf(data.for);
      facts.status = 'waiting';
      return;
    case 'node.retrying':
      facts.error = data.error;
      facts.status = data.timerId === null ? 'pending' : 'waiting';
      facts.wait = data.timerId === null ? null : { reason: 'retry', until: data.until };
      return;
    case 'node.woken':
      Object.assign(facts, { status: 'pending', wait: null });
      return;
    case 'node.compensating':
      facts.status = 'pending';
      return;
    case 'saga.compensating':
      facts.error = data.error;
      return;
    case 'node.skipped':
      Object.assign(facts, { status: 'completed', port: data.port, output: data.output, error: null });
      return end(facts, at);
    case 'node.completed':
      Object.assign(facts, { status: 'completed', port: data.port, output: data.output, error: null });
      return end(facts, at);
    case 'node.failed':
      Object.assign(facts, { status: 'failed', port: data.port, error: data.error });
      return end(facts, at);
    default:
      return;
  }
}

export function waitOf(wait: NodeWaiting['data']['for']): WaitFacts {
  if ('timerId' in wait) return { reason: 'timer', until: wait.until };
  if ('executionId' in wait) return { reason: 'child', executionId: wait.executionId };
  const { waitId, kind, details, timers } = wait;
  const until = timers.find((timer) => timer.name === 'due')?.at;
  return { reason: kind, waitId, details, ...(until !== undefined && { until }) };
}

/** Details of a wait without what it shows to people, which may be as large as what flows. */
export function withoutData(details: unknown): unknown {
  if (!isObject(details)) return details;
  const { data: _, ...rest } = details;
  return rest;
}

function end(facts: NodeFacts, at: number): void {
  facts.startedAt ??= at;
  facts.finishedAt = at;
  facts.wait = null;
}

export function newFacts(): NodeFacts {
  return {
    status: 'pending',
    attempt: 0,
    port: null,
    output: null,
    error: null,
    startedAt: null,
    finishedAt: null,
    wait: null,
    total: null,
    begun: 0,
    isContainer: false,
  };
}
