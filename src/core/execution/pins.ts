/**
 * An execution that tries a document out may be given the outputs of nodes: they count as done when their turn comes.
 * Only nodes outside of containers can be pinned, since those inside have a turn in each iteration.
 */
import type { ExecutionState, NodeRef } from './state.ts';

/** Reason of a node that was skipped because it is pinned. */
export const PINNED = 'pinned in this test';

export function isPinned({ test }: ExecutionState, { scope, node }: NodeRef): boolean {
  return test !== null && scope.container === null && Object.hasOwn(test.pins, node.id);
}
