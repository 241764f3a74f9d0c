/**
 * What is to be undone, and in which order. A completed node that names a compensation is noted; the notes are taken
 * from the last to the first, one at a time, so what was done side by side is undone in reverse too (Garcia-Molina and
 * Salem, "Sagas", SIGMOD 1987).
 */
import { isContainer } from '../node-type.ts';
import { isPinned } from './pins.ts';
import type { ExecutionState, NodeRef } from './state.ts';
import { nodeState, pathOf } from './state.ts';
import { isSuppressed } from './suppress.ts';

/**
 * A container that names its own compensation answers for all that is inside of it. A node that is pinned or
 * suppressed did nothing that could be undone.
 */
export function markUndo(state: ExecutionState, ref: NodeRef): void {
  if (ref.node.compensation === null || isUndoing(ref)) return;
  if (isPinned(state, ref) || isSuppressed(state, ref)) return;
  if (ref.node.bodies !== null) state.undo = state.undo.filter((one) => !isInside(one, ref));
  state.undo.push(ref);
}

/** The one to undo next: within the container, or of the whole execution; undefined: nothing is left. */
export function nextUndo(state: ExecutionState, within: NodeRef | null): NodeRef | undefined {
  return state.undo.findLast((one) => within === null || isInside(one, within));
}

/** What a compensation does is not undone in its turn. */
function isUndoing(ref: NodeRef): boolean {
  for (let at = ref.scope.container; at !== null; at = at.scope.container)
    if (at.node.compensates !== null) return true;
  return false;
}

/** The node that undoes it. */
export function compensationOf(undo: NodeRef): NodeRef {
  return { scope: undo.scope, node: undo.scope.graph.nodes[undo.node.compensation!]! };
}

/** Something inside of the container is to be undone, or may be when a task at work there has ended. */
export function mayUndo(state: ExecutionState, container: NodeRef): boolean {
  return nextUndo(state, container) !== undefined || hasTasks(state, container);
}

export function hasTasks(state: ExecutionState, container: NodeRef): boolean {
  for (const task of state.tasks.values()) if (isInside(task, container)) return true;
  return false;
}

export function isInside(ref: NodeRef, container: NodeRef): boolean {
  return pathOf(ref).startsWith(`${pathOf(container)}[`);
}

/** It is a saga, and something inside of it was undone, or could not be. */
export function wasUnwound(state: ExecutionState, container: NodeRef): boolean {
  const { type } = container.node;
  if (!isContainer(type) || type.undoes !== true) return false;
  for (const scope of state.scopes.values()) {
    if (!scope.prefix.startsWith(`${pathOf(container)}[`)) continue;
    if (scope.graph.nodes.some((node) => node.compensates !== null && scope.nodes[node.index]!.status !== 'idle'))
      return true;
  }
  return false;
}

/**
 * A compensation has ended: what it undid is done with, or kept for a person where it failed. One that had failed ends
 * again where a person skips it.
 */
export function compensationEnded(state: ExecutionState, ref: NodeRef, failed: boolean): void {
  const isUndone = (one: NodeRef) => one.scope === ref.scope && one.node.index === ref.node.compensates;
  const entry = state.undo.find(isUndone);
  state.undo = state.undo.filter((one) => one !== entry);
  if (entry === undefined) state.notUndone = state.notUndone.filter((one) => !isUndone(one));
  else if (failed) state.notUndone.push(entry);
}

/** A person lets it go on: what could not be undone is to be undone again, in the order it was done. */
export function undoAgain(state: ExecutionState): void {
  state.undo = [...state.undo, ...state.notUndone.reverse()];
  state.notUndone = [];
  for (const undo of state.undo) {
    const node = nodeState(compensationOf(undo));
    node.status = 'idle';
    node.unhandled = false;
    node.attemptsBefore = node.attempt;
    node.crashes = 0;
    node.lost = false;
    node.roundAt = 0;
  }
}
