import { callOff } from '../call-off.ts';
import type { ExecutionState } from '../state.ts';

/** What is left open when an execution ends is called off. */
export function end(state: ExecutionState): void {
  callOff(state, '');
  if (state.deadline !== null) state.due.push({ kind: 'disarm', timerId: state.deadline });
  state.deadline = null;
}
