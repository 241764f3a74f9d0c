import type { Apply, EventOf } from './event.ts';
import { settleStatus } from './locate.ts';

export type ExecutionResumed = EventOf<'execution.resumed', { readonly reason: string }>;

export const apply: Apply<ExecutionResumed> = (state) => {
  state.paused = false;
  settleStatus(state);
};
