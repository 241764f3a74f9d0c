/**
 * How life and death travel along edges. A node that completed delivers to the edges of its port; all its other
 * edges are dead. A node whose incoming edges are all dead is skipped, and its own edges die with it, so a join
 * never waits for a branch that was not taken. Each edge is settled once: the cost is one visit per edge.
 */
import type { ErrorInfo } from '../errors.ts';
import type { Join } from '../plan/plan.ts';
import { outputOf } from './outputs.ts';
import type { ExecutionState, NodeRef, NodeState, Run, Scope } from './state.ts';
import { nodeState } from './state.ts';
import { tell } from './telling.ts';

/** Opens the nodes without incoming edges. */
export function enter(state: ExecutionState, scope: Scope): void {
  for (const index of scope.graph.entries) {
    if (scope.nodes[index]!.status === 'idle') makeReady(state, scope, index);
  }
}

/** A node has ended by this port; whoever was waiting for it alone is ready now. */
export function leave(state: ExecutionState, ref: NodeRef, port: string): void {
  const { scope, node } = ref;
  let delivered = false;
  const dead: number[] = [];
  for (const edge of node.out) {
    if (edge.port === port) {
      delivered = true;
      deliver(state, scope, node.index, edge.to);
    } else {
      dead.push(edge.to);
    }
  }
  if (!delivered) scope.ends.push(node.index);
  scope.open -= 1;
  killEdges(state, scope, dead);
  if (scope.open === 0) close(state, scope);
}

function deliver(state: ExecutionState, scope: Scope, from: number, to: number): void {
  const target = scope.nodes[to]!;
  target.settled += 1;
  if (target.status !== 'idle') return;
  target.sources.push(from);
  startIfJoined(state, scope, to, target);
}

/** Its turn has come when enough has been delivered, or nothing more can be. */
export function startIfJoined(state: ExecutionState, scope: Scope, index: number, target: NodeState): void {
  const node = scope.graph.nodes[index]!;
  const all = target.settled === node.incoming;
  if (all || target.sources.length >= wanted(node.join)) makeReady(state, scope, index);
}

function wanted(join: Join): number {
  if (join === 'all') return Number.POSITIVE_INFINITY;
  return join === 'any' ? 1 : join;
}

function killEdges(state: ExecutionState, scope: Scope, dead: number[]): void {
  for (let to = dead.pop(); to !== undefined; to = dead.pop()) {
    const target = scope.nodes[to]!;
    const node = scope.graph.nodes[to]!;
    target.settled += 1;
    if (target.status !== 'idle' || target.settled < node.incoming) continue;
    if (target.sources.length > 0) {
      makeReady(state, scope, to);
      continue;
    }
    target.status = 'skipped';
    scope.open -= 1;
    for (const edge of node.out) dead.push(edge.to);
  }
}

function makeReady(state: ExecutionState, scope: Scope, index: number): void {
  scope.nodes[index]!.status = 'ready';
  state.ready.push({ scope, node: scope.graph.nodes[index]! });
}

/** An iteration came to its end; its result is kept, its nodes are forgotten. */
function close(state: ExecutionState, scope: Scope): void {
  if (scope.container === null) return;
  const run = nodeState(scope.container).run!;
  state.scopes.delete(scope.prefix);
  if (run.turns.length > 0) return endTurn(state, scope, scope.container, run, { output: outputOf(scope) });
  run.results[scope.iteration] = outputOf(scope);
  run.active -= 1;
  state.ready.push(scope.container);
}

/** The director hears of it, and chooses what comes next. */
function endTurn(
  state: ExecutionState,
  { iteration: index }: Scope,
  container: NodeRef,
  run: Run,
  end: { readonly output: unknown } | { readonly error: ErrorInfo },
): void {
  run.turns[index] = { ...run.turns[index]!, endedAt: state.at, ...end };
  run.active -= 1;
  tell(state, container, { is: 'ended', index });
  state.ready.push(container);
}

/** A node failed and nothing in its scope handles it. */
export function failScope(state: ExecutionState, scope: Scope, error: ErrorInfo, path: string): void {
  if (scope.failed !== null) return;
  scope.failed = error;
  if (scope.container === null) {
    state.failure ??= { error, path };
    return;
  }
  const run = nodeState(scope.container).run!;
  if (run.turns.length > 0 && error.code !== 'in_doubt') {
    state.scopes.delete(scope.prefix);
    return endTurn(state, scope, scope.container, run, { error });
  }
  run.active -= 1;
  if (run.iteration.onItemError === 'collect') run.results[scope.iteration] = { error };
  // An iteration in doubt is not passed over: a person has to find out.
  if (run.iteration.onItemError === 'fail' || error.code === 'in_doubt') run.error ??= error;
  state.ready.push(scope.container);
}
