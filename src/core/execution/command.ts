import type { ErrorInfo } from '../errors.ts';
import type { NodeResult } from '../node-type.ts';
import type { Parent } from './state.ts';

/** What can be asked of an execution, or told to it. */
export type Command =
  | {
      readonly type: 'create';
      readonly triggerId: string;
      readonly trigger: unknown;
      readonly parent?: Parent;
      readonly depth?: number;
    }
  /** Begins it, or goes on after a pause that the step limit made. */
  | { readonly type: 'advance' }
  | { readonly type: 'task-completed'; readonly path: string; readonly attempt: number; readonly result: NodeResult }
  | { readonly type: 'task-failed'; readonly path: string; readonly attempt: number; readonly error: ErrorInfo }
  | { readonly type: 'timer'; readonly timerId: string }
  | { readonly type: 'child-ended'; readonly executionId: string; readonly outcome: Outcome }
  | { readonly type: 'cancel'; readonly reason: string }
  | { readonly type: 'retry'; readonly reason: string }
  /** A new owner took it over: tasks that were at work have lost their process. */
  | { readonly type: 'recover' };

/** How an execution ended, as its parent hears it. */
export interface Outcome {
  readonly status: 'completed' | 'failed' | 'canceled';
  readonly output?: unknown;
  readonly error?: ErrorInfo;
}

/** Time, ids and chance of one decision, from the runtime port. */
export interface DecisionEnv {
  /** Milliseconds since the epoch. */
  readonly now: number;
  id(): string;
  /** In [0, 1). */
  random(): number;
}
