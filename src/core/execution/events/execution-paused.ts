import type { Apply, EventOf } from './event.ts';
import { settleStatus } from './locate.ts';

/** Nothing starts until it is resumed; tasks at work go on to their end. */
export type ExecutionPaused = EventOf<'execution.paused', { readonly reason: string }>;

export const apply: Apply<ExecutionPaused> = (state) => {
  state.paused = true;
  settleStatus(state);
};
