import type { ErrorInfo } from '../../errors.ts';
import type { Apply, EventOf } from './event.ts';
import { settleStatus } from './locate.ts';

/** Its time limit has passed, or it is canceled and undone: tasks at work are aborted, then it comes to its end. */
export type ExecutionFailing = EventOf<'execution.failing', { readonly error: ErrorInfo }>;

export const apply: Apply<ExecutionFailing> = (state, { data }) => {
  state.paused = false;
  state.failure ??= { error: data.error, path: null };
  for (const path of state.tasks.keys()) state.due.push({ kind: 'abort', path });
  settleStatus(state);
};
