import type { ErrorInfo } from '../../errors.ts';
import { move } from '../status.ts';
import { end } from './end.ts';
import type { Apply, EventOf } from './event.ts';

/** Something could not be undone, or a person stopped the undoing; a retry takes up what is left. */
export type ExecutionCompensationFailed = EventOf<'execution.compensation_failed', { readonly error: ErrorInfo }>;

export const apply: Apply<ExecutionCompensationFailed> = (state, { data }) => {
  state.status = move(state.status, 'compensation_failed');
  state.failure = { error: data.error, path: state.failure!.path };
  end(state);
};
