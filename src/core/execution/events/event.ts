/** The form of every event of an execution, and of its meaning: a change of the state. One file per event. */
import type { ExecutionState } from '../state.ts';

export interface EventOf<T extends string, D> {
  readonly type: T;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly data: D;
}

export type Apply<E> = (state: ExecutionState, event: E) => void;
