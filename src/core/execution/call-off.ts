/** Calling off what is under way: tasks, timers, children, open questions. */

import { settle } from './charge.ts';
import type { ExecutionState, NodeRef } from './state.ts';
import { NO_WAITS, nodeState, pathOf } from './state.ts';

/** Everything under way at the address that begins so; '' is everything. */
export function callOff(state: ExecutionState, prefix: string): void {
  for (const [path, ref] of [...state.tasks]) {
    if (!isWithin(path, prefix)) continue;
    state.tasks.delete(path);
    settle(state, ref, () => ({ outcome: 'unknown' }));
    state.due.push({ kind: 'abort', path });
  }
  settleOpen(state, prefix);
  dropWaits(state, prefix);
}

/** Attempts that a crash cut off, of nodes that wait to ask what became of them, or have their turn and are given up. */
export function settleOpen(state: ExecutionState, prefix: string): void {
  for (const scope of state.scopes.values()) {
    for (const node of scope.graph.nodes) {
      const ref = { scope, node };
      if (nodeState(ref).charged && isWithin(pathOf(ref), prefix)) settle(state, ref, () => ({ outcome: 'unknown' }));
    }
  }
}

/** What nodes wait for at the address that begins so. A compensation among them can begin anew. */
export function dropWaits(state: ExecutionState, prefix: string): void {
  const compensate = state.status === 'compensating';
  for (const wait of [...state.waits.values()]) {
    if (!isWithin(pathOf(wait), prefix)) continue;
    dropWaitsOf(state, wait, { compensate });
    if (wait.node.compensates !== null) nodeState(wait).status = 'idle';
  }
}

/** `each[3]/` and `each[` hold what is inside; a whole address holds the node and what is inside of it. */
function isWithin(path: string, prefix: string): boolean {
  if (!path.startsWith(prefix)) return false;
  const last = prefix.at(-1);
  return (
    last === undefined || last === '/' || last === '[' || path.length === prefix.length || path[prefix.length] === '['
  );
}

interface Manner {
  /** What it waited for has come: the timer fired, the child ended. Other timers and the question are over. */
  readonly came?: true;
  /** It waits on: the question stays open. */
  readonly goesOn?: true;
  /** Children undo what they did. */
  readonly compensate?: boolean;
}

/** The node has stopped waiting: what it waited for is not expected any more. */
export function dropWaitsOf(state: ExecutionState, ref: NodeRef, manner: Manner = {}): void {
  const node = nodeState(ref);
  for (const id of node.waits) {
    const { reason, until } = state.waits.get(id)!;
    state.waits.delete(id);
    if (reason === 'child') {
      if (!manner.came)
        state.due.push({ kind: 'cancel-child', executionId: id, compensate: manner.compensate === true });
    } else if (reason === 'timer' || reason === 'retry') {
      if (!manner.came) state.due.push({ kind: 'disarm', timerId: id });
    } else if (until !== null) {
      state.due.push({ kind: 'disarm', timerId: id });
    } else if (!manner.goesOn) {
      state.due.push({ kind: 'close-wait', waitId: id, expired: manner.came === true });
    }
  }
  node.waits = NO_WAITS;
}
