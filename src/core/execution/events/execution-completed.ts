import { move } from '../status.ts';
import { end } from './end.ts';
import type { Apply, EventOf } from './event.ts';

export type ExecutionCompleted = EventOf<'execution.completed', { readonly output: unknown }>;

export const apply: Apply<ExecutionCompleted> = (state, { data }) => {
  state.status = move(state.status, 'completed');
  state.output = data.output;
  end(state);
};
