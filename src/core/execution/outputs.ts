/** What a graph, or several nodes of it, came to. */
import type { Scope } from './state.ts';

/** The output of its last node, or an object by id where it ends in several. A scope that is over has an end. */
export function outputOf(scope: Scope): unknown {
  if (scope.ends.length === 1) return scope.nodes[scope.ends[0]!]!.output;
  return byId(scope, scope.ends);
}

/** Outputs of several nodes, as an object by their ids. */
export function byId(scope: Scope, indexes: readonly number[]): Record<string, unknown> {
  const outputs: Record<string, unknown> = {};
  for (const index of indexes) outputs[scope.graph.nodes[index]!.id] = scope.nodes[index]!.output;
  return outputs;
}
