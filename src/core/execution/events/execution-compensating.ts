import type { ErrorInfo } from '../../errors.ts';
import { move } from '../status.ts';
import { end } from './end.ts';
import type { Apply, EventOf } from './event.ts';

/** What was done is being undone; what still waits is called off. */
export type ExecutionCompensating = EventOf<
  'execution.compensating',
  { readonly error: ErrorInfo; readonly path: string | null; readonly reason?: string }
>;

export const apply: Apply<ExecutionCompensating> = (state, { data }) => {
  state.status = move(state.status, 'compensating');
  state.failure = { error: data.error, path: data.path };
  state.unwinding = [];
  state.paused = false;
  end(state);
};
