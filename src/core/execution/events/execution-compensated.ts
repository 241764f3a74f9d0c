import type { ErrorInfo } from '../../errors.ts';
import { move } from '../status.ts';
import type { Apply, EventOf } from './event.ts';

/** Everything that names a compensation and was done is undone. `error` is why. */
export type ExecutionCompensated = EventOf<'execution.compensated', { readonly error: ErrorInfo }>;

export const apply: Apply<ExecutionCompensated> = (state) => {
  state.status = move(state.status, 'compensated');
};
