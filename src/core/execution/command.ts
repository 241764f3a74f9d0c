import type { ErrorInfo } from '../errors.ts';
import type { NodeResult } from '../node-type.ts';
import type { InheritedAccount } from './reservation.ts';
import type { Cause, Parent, Test } from './state.ts';
import type { Ended } from './status.ts';

/** What can be asked of an execution, or told to it. */
export type Command =
  | {
      readonly type: 'create';
      readonly triggerId: string;
      readonly trigger: unknown;
      readonly parent?: Parent;
      readonly cause?: Cause;
      readonly depth?: number;
      readonly accounts?: readonly InheritedAccount[];
      readonly holds?: readonly string[];
      /** It tries a document out. */
      readonly test?: Test;
    }
  /** Before it begins: it stands for several starts now. */
  | { readonly type: 'gather'; readonly triggers: readonly unknown[] }
  /** Begins it, or goes on after a pause that the step limit made. */
  | { readonly type: 'advance' }
  | { readonly type: 'task-completed'; readonly path: string; readonly attempt: number; readonly result: NodeResult }
  | { readonly type: 'task-failed'; readonly path: string; readonly attempt: number; readonly error: ErrorInfo }
  | { readonly type: 'timer'; readonly timerId: string }
  | { readonly type: 'child-ended'; readonly executionId: string; readonly outcome: Outcome }
  /** `compensate`: what was done is undone first. */
  | { readonly type: 'cancel'; readonly reason: string; readonly compensate?: boolean }
  /**
   * `from`: this node and all after it run again. `resolves`: a person has said what became of this node alone, so
   * others that are in doubt stay so.
   */
  | { readonly type: 'retry'; readonly reason: string; readonly from?: string; readonly resolves?: string }
  | { readonly type: 'pause'; readonly reason: string }
  | { readonly type: 'resume'; readonly reason: string }
  /** The node counts as done, with this output and port (default the main one). */
  | {
      readonly type: 'skip';
      readonly path: string;
      readonly output?: unknown;
      readonly port?: string;
      readonly reason: string;
    }
  /** To the question with this id. */
  | { readonly type: 'answer'; readonly waitId: string; readonly answer: unknown }
  /** To the node of this id that waits for a callback, or to the first; kept where none waits yet. */
  | { readonly type: 'callback'; readonly node?: string; readonly answer: unknown }
  /** A new owner took it over: tasks that were at work have lost their process. */
  | { readonly type: 'recover' };

/** How an execution ended, as its parent hears it. */
export interface Outcome {
  readonly status: Ended;
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
