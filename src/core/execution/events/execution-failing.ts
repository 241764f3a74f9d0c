import type { ErrorInfo } from '../../errors.ts';
import type { Apply, EventOf } from './event.ts';
import { settleStatus } from './locate.ts';

/**
 * Its time limit has passed, or it is canceled and undone: tasks at work are aborted, then it comes to its end. What is
 * to be undone must be known: with a cancel, an irreversible task goes on to its own end.
 */
export type ExecutionFailing = EventOf<'execution.failing', { readonly error: ErrorInfo }>;

export const apply: Apply<ExecutionFailing> = (state, { data }) => {
  state.paused = false;
  state.failure ??= { error: data.error, path: null };
  for (const [path, { node }] of state.tasks) {
    if (data.error.code === 'canceled' && node.effect === 'irreversible') continue;
    state.due.push({ kind: 'abort', path });
  }
  settleStatus(state);
};
