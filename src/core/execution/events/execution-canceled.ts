import { move } from '../status.ts';
import { end } from './end.ts';
import type { Apply, EventOf } from './event.ts';

export type ExecutionCanceled = EventOf<'execution.canceled', { readonly reason: string }>;

export const apply: Apply<ExecutionCanceled> = (state) => {
  state.status = move(state.status, 'canceled');
  end(state);
};
