import type { ErrorInfo } from '../../errors.ts';
import { settleOpen } from '../call-off.ts';
import { move } from '../status.ts';
import type { Apply, EventOf } from './event.ts';

/** Timers and children that still run are kept: a retry takes up what they bring. */
export type ExecutionFailed = EventOf<'execution.failed', { readonly error: ErrorInfo; readonly path: string | null }>;

export const apply: Apply<ExecutionFailed> = (state, { data }) => {
  state.status = move(state.status, 'failed');
  state.failure = data;
  // Nobody may ever take it up.
  settleOpen(state, '');
  if (state.deadline !== null) state.due.push({ kind: 'disarm', timerId: state.deadline });
  state.deadline = null;
};
