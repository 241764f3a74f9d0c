import type { ExecutionState } from '../state.ts';

/** What is left open when an execution ends is called off. */
export function end(state: ExecutionState): void {
  for (const path of state.tasks.keys()) state.due.push({ kind: 'abort', path });
  for (const [id, wait] of state.waits) {
    state.due.push(
      wait.reason === 'child' ? { kind: 'cancel-child', executionId: id } : { kind: 'disarm', timerId: id },
    );
  }
  if (state.deadline !== null) state.due.push({ kind: 'disarm', timerId: state.deadline });
  state.deadline = null;
}
