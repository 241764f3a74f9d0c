/** The node and everything after it in its graph begin anew; what came before is kept. */
import type { Graph } from '../plan/plan.ts';
import { callOff } from './call-off.ts';
import { startIfJoined } from './flow.ts';
import type { ExecutionState, NodeRef, Scope } from './state.ts';
import { newNode, nodeState, pathOf } from './state.ts';

export function rewind(state: ExecutionState, ref: NodeRef): void {
  const { scope } = ref;
  const anew = onward(scope.graph, ref.node.index);
  for (const index of anew) forget(state, { scope, node: scope.graph.nodes[index]! });
  scope.ends.splice(0, scope.ends.length, ...scope.ends.filter((index) => !anew.has(index)));
  scope.open = scope.graph.nodes.filter((node) => node.compensates === null && isOpen(scope, node.index)).length;
  for (const node of scope.graph.nodes) if (!anew.has(node.index)) deliverAgain(scope, node.index, anew);
  nodeState(ref).status = 'ready';
  for (const index of anew) {
    const node = scope.nodes[index]!;
    if (node.status === 'idle' && node.sources.length > 0) startIfJoined(state, scope, index, node);
  }
}

/** A container begins anew, and only it: what came before and after stays as it is. */
export function beginAnew(state: ExecutionState, ref: NodeRef): void {
  const { sources, settled } = nodeState(ref);
  forget(state, ref);
  Object.assign(nodeState(ref), { status: 'ready', sources, settled });
}

function onward(graph: Graph, from: number): Set<number> {
  const found = new Set([from]);
  for (const index of found) for (const edge of graph.nodes[index]!.out) found.add(edge.to);
  return found;
}

/**
 * Attempts go on counting; a node that had finished begins another round, so its effect has a key of its own. So does
 * a container that has begun, for what had finished inside of it; what is inside never has a later round than it.
 */
function forget(state: ExecutionState, ref: NodeRef): void {
  const path = pathOf(ref);
  const { attempt, round, status, run } = nodeState(ref);
  callOff(state, path);
  for (const prefix of [...state.scopes.keys()]) if (prefix.startsWith(`${path}[`)) state.scopes.delete(prefix);
  const isKept = (one: NodeRef) => pathOf(one) !== path && !pathOf(one).startsWith(`${path}[`);
  state.undo = state.undo.filter(isKept);
  state.notUndone = state.notUndone.filter(isKept);
  state.unwinding = state.unwinding.filter(isKept);
  const next = status === 'completed' || run !== null ? round + 1 : round;
  ref.scope.nodes[ref.node.index] = { ...newNode(next), attempt, attemptsBefore: attempt };
  for (let at = ref.scope.container; at !== null; at = at.scope.container) {
    nodeState(at).round = Math.max(nodeState(at).round, next);
  }
}

function isOpen(scope: Scope, index: number): boolean {
  const { status, port } = scope.nodes[index]!;
  return status !== 'skipped' && status !== 'completed' && (status !== 'failed' || port === null);
}

/** A kept node has told its edges long ago; those that lead to what begins anew are told again. */
function deliverAgain(scope: Scope, from: number, anew: ReadonlySet<number>): void {
  const { port } = scope.nodes[from]!;
  if (isOpen(scope, from)) return;
  for (const edge of scope.graph.nodes[from]!.out) {
    if (!anew.has(edge.to)) continue;
    const target = scope.nodes[edge.to]!;
    target.settled += 1;
    if (edge.port === port) target.sources.push(from);
  }
}
