/** An execution, as the engine knows it: `decide`, `evolve`, `next`, and the config of a task it asks for. */
import type { Env } from '../expression/env.ts';
import type { Plan } from '../plan/plan.ts';
import { type ExecutionEvent, evolve } from './events/index.ts';
import { NodeEnv } from './node-env.ts';
import { resolveConfig, takeResolved } from './resolve-config.ts';
import { deadlineOf, type ExecutionState, find, newState, nodeState, queueReady } from './state.ts';

export type { Command, DecisionEnv, Outcome } from './command.ts';
export { decide, hasMore, next } from './decide.ts';
export type { Demand } from './demand.ts';
export { DEEPEST, tooDeep } from './depth.ts';
export { hasUnsure } from './doubt.ts';
export { envelope } from './envelope.ts';
export { type EventType, type ExecutionEvent, evolve } from './events/index.ts';
export { failureOf } from './failure.ts';
export { letterAlert, messageAlert } from './letter-alert.ts';
export { PINNED } from './pins.ts';
export type { ExecutionState, Test } from './state.ts';
export { newState } from './state.ts';
export { CANCELABLE, hasEnded, isActive, isEnd, isFinal, RETRYABLE, STATUSES, type Status } from './status.ts';
export { SUPPRESSED } from './suppress.ts';

/** The state that a history leads to. Effects of the past are not asked for again. */
export function replay(id: string, projectId: string, plan: Plan, history: readonly ExecutionEvent[]): ExecutionState {
  const state = newState(id, projectId, plan);
  for (const event of history) evolve(state, event);
  state.due = [];
  queueReady(state);
  return state;
}

/** What a worker needs to run a task. `$now` is the time of its first attempt, so every attempt sees the same. */
export function taskInput(state: ExecutionState, path: string, secret: (name: string) => string): TaskInput {
  const ref = find(state, path);
  if (ref === undefined) throw new Error(`no node at ${path}`);
  const { startedAt } = nodeState(ref);
  const kept = takeResolved(ref, startedAt);
  const env: Env = Object.assign(kept?.env ?? new NodeEnv(state, ref, startedAt), { secret });
  const resolve = () => (kept === undefined ? resolveConfig(ref.node, env) : kept.config);
  return { ref, env, deadline: deadlineOf(ref), resolve };
}

export interface TaskInput {
  readonly ref: NonNullable<ReturnType<typeof find>>;
  readonly env: Env;
  /** When all its attempts must be over, in milliseconds since the epoch; null: no such limit. */
  readonly deadline: number | null;
  /** The config with templates and secrets resolved; throws `expression_failed`, `secret_missing`, `config_invalid`. */
  resolve(): unknown;
}
