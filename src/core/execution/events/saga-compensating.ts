import type { ErrorInfo } from '../../errors.ts';
import { dropWaits } from '../call-off.ts';
import type { Apply, EventOf } from './event.ts';
import { locate, settleStatus } from './locate.ts';

/** The inside of a saga has failed and is undone before the saga leaves by its error. */
export type SagaCompensating = EventOf<'saga.compensating', { readonly path: string; readonly error: ErrorInfo }>;

export const apply: Apply<SagaCompensating> = (state, { data }) => {
  state.unwinding.push(locate(state, data.path));
  dropWaits(state, `${data.path}[`);
  settleStatus(state);
};
