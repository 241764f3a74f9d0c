/** Taking nodes out of a document. */
import { type Arrow, type Definition, type GraphDefinition, mainPortOf } from '../../../../graph/document.ts';
import { arrowsIn, edgeText, keepEdges } from './edges.ts';
import { splitPlace, withGraph } from './scopes.ts';

/** With their edges. A node in the midst of a line leaves its neighbors joined. */
export function removeNodes(definition: Definition, places: Iterable<string>): Definition {
  const byScope = new Map<string, Set<string>>();
  for (const place of places) {
    const { scope, id } = splitPlace(place);
    byScope.set(scope, (byScope.get(scope) ?? new Set()).add(id));
  }
  // The innermost first: the scope of what is inside goes with its container.
  const scopes = [...byScope].sort(([a], [b]) => b.length - a.length);
  return scopes.reduce((left, [scope, ids]) => withGraph(left, scope, (graph) => without(graph, ids)), definition);
}

function without(graph: GraphDefinition, ids: ReadonlySet<string>): GraphDefinition {
  const bridges = bridgesOf(graph, ids);
  const kept = keepEdges(graph, ({ from, to }) => !ids.has(from) && !ids.has(to));
  const nodes = kept.nodes
    .filter(({ id }) => !ids.has(id))
    .map((node) => {
      if (node.compensate === undefined || !ids.has(node.compensate)) return node;
      const { compensate: _, ...rest } = node;
      return rest;
    });
  const edges = [...(kept.edges ?? []), ...bridges.map(edgeText)];
  return { ...kept, nodes, ...(kept.edges && { edges: [...new Set(edges)] }) };
}

/** Only for one node with one way in and one way on by its main port: anything else would be a guess. */
function bridgesOf(graph: GraphDefinition, ids: ReadonlySet<string>): Arrow[] {
  const [id] = ids;
  if (ids.size !== 1 || id === undefined) return [];
  const arrows = arrowsIn(graph);
  const before = arrows.filter(({ to }) => to === id);
  const after = arrows.filter(({ from }) => from === id);
  const [one, two] = [before[0], after[0]];
  const node = graph.nodes.find((each) => each.id === id);
  if (before.length !== 1 || after.length !== 1 || !one || !two || !node || two.port !== mainPortOf(node)) return [];
  return [{ from: one.from, port: one.port, to: two.to }];
}
