import { enter } from '../flow.ts';
import { move } from '../status.ts';
import type { Apply, EventOf } from './event.ts';
import { settleStatus } from './locate.ts';

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
  // After a retry it may have nothing to do but to go on waiting.
  settleStatus(state);
};
