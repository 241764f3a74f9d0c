import type { InheritedAccount } from '../reservation.ts';
import type { Cause, Parent, Test } from '../state.ts';
import type { Apply, EventOf } from './event.ts';

export type ExecutionCreated = EventOf<
  'execution.created',
  {
    readonly workflowId: string;
    readonly version: number;
    readonly triggerId: string;
    /** `$trigger`. */
    readonly trigger: unknown;
    readonly parent?: Parent;
    readonly cause?: Cause;
    /** Executions above it that started one another; absent: none. */
    readonly depth?: number;
    /** Budgets above it. */
    readonly accounts?: readonly InheritedAccount[];
    /** Lanes of flow control whose slots it holds until it ends. */
    readonly holds?: readonly string[];
    /** It tries a document out. */
    readonly test?: Test;
  }
>;

export const apply: Apply<ExecutionCreated> = (state, { at, data }) => {
  state.createdAt = at;
  state.triggerId = data.triggerId;
  state.trigger = data.trigger;
  state.parent = data.parent ?? null;
  state.cause = data.cause ?? null;
  state.depth = data.depth ?? 0;
  state.accounts = data.accounts ?? [];
  state.holds = data.holds ?? [];
  state.test = data.test ?? null;
};
