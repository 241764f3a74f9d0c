import type { ErrorInfo } from '../../errors.ts';
import type { Apply, EventOf } from './event.ts';
import { settleStatus } from './locate.ts';

/** The time limit of the execution has passed: tasks at work are aborted, then it fails. */
export type ExecutionFailing = EventOf<'execution.failing', { readonly error: ErrorInfo }>;

export const apply: Apply<ExecutionFailing> = (state, { data }) => {
  state.failure ??= { error: data.error, path: null };
  for (const path of state.tasks.keys()) state.due.push({ kind: 'abort', path });
  settleStatus(state);
};
