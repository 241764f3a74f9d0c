import { enter } from '../flow.ts';
import { move } from '../status.ts';
import type { Apply, EventOf } from './event.ts';

export type ExecutionStarted = EventOf<
  'execution.started',
  { readonly deadline?: { readonly timerId: string; readonly at: number } }
>;

export const apply: Apply<ExecutionStarted> = (state, { data }) => {
  state.status = move(state.status, 'running');
  if (data.deadline !== undefined) {
    state.deadline = data.deadline.timerId;
    state.due.push({ kind: 'arm', ...data.deadline });
  }
  enter(state, state.root);
};
