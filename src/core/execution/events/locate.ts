/** What the events of nodes share: finding the node, and telling `running` from `waiting`. */
import { MyelinError } from '../../errors.ts';
import type { ExecutionState, NodeRef } from '../state.ts';
import { find } from '../state.ts';
import { hasEnded, move } from '../status.ts';

export function locate(state: ExecutionState, path: string): NodeRef {
  const ref = find(state, path);
  if (ref === undefined) {
    throw new MyelinError(
      'execution_corrupt',
      `Execution ${state.id} has an event of ${path}, which is no node of it.`,
    );
  }
  return ref;
}

/** An execution waits when no task is at work and something it cannot hurry has to come. */
export function settleStatus(state: ExecutionState): void {
  if (hasEnded(state.status) || state.status === 'pending') return;
  const wanted = state.tasks.size === 0 && state.waits.size > 0 && state.failure === null ? 'waiting' : 'running';
  if (wanted !== state.status) state.status = move(state.status, wanted);
}

/** The node has stopped waiting: its timer or child is not expected any more. */
export function dropWait(state: ExecutionState, ref: NodeRef): void {
  for (const [id, wait] of state.waits) {
    if (wait.scope === ref.scope && wait.node === ref.node) {
      state.waits.delete(id);
      return;
    }
  }
}
