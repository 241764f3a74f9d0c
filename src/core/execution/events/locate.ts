/** What the events of nodes share: finding the node, ending it, and telling `running` from `waiting`. */
import { MyelinError } from '../../errors.ts';
import { leave } from '../flow.ts';
import type { ExecutionState, NodeRef } from '../state.ts';
import { find, nodeState } from '../state.ts';
import { move } from '../status.ts';
import { overhear } from '../telling.ts';
import { compensationEnded, markUndo } from '../undo.ts';

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

/** The node is done: what it delivers goes on, or, where it undid another, that one is undone. */
export function finish(state: ExecutionState, ref: NodeRef, port: string, output: unknown): void {
  const node = nodeState(ref);
  node.status = 'completed';
  node.output = output;
  node.port = port;
  if (ref.node.compensates !== null) return compensationEnded(state, ref, false);
  markUndo(state, ref);
  overhear(state, ref, output);
  leave(state, ref, port);
}

/** An execution waits when no task is at work and something it cannot hurry has to come. */
export function settleStatus(state: ExecutionState): void {
  if (state.status !== 'running' && state.status !== 'waiting') return;
  const held = state.paused || (state.waits.size > 0 && state.failure === null);
  const wanted = state.tasks.size === 0 && held ? 'waiting' : 'running';
  if (wanted !== state.status) state.status = move(state.status, wanted);
}
