/** Reading and replacing the graphs of a document by their place. Nothing is changed in place. */
import { withBody } from '../../../../../../src/core/definition/places.ts';
import { bodiesOf, type Definition, type GraphDefinition, type NodeDefinition } from '../../../../graph/document.ts';

export { withBody };

/** `each/both.left/fetch` is `fetch` in the scope `each/both.left`. */
export function splitPlace(place: string): { readonly scope: string; readonly id: string } {
  const at = place.lastIndexOf('/');
  return at < 0 ? { scope: '', id: place } : { scope: place.slice(0, at), id: place.slice(at + 1) };
}

/** The container and the branch (null: its only body) that a scope is; undefined for the document itself. */
export function containerOf(scope: string): { readonly place: string; readonly branch: string | null } | undefined {
  if (scope === '') return undefined;
  const last = scope.slice(scope.lastIndexOf('/') + 1);
  const dot = last.indexOf('.');
  if (dot < 0) return { place: scope, branch: null };
  return { place: scope.slice(0, scope.length - last.length + dot), branch: last.slice(dot + 1) };
}

/** Undefined where the document has no such graph. */
export function graphAt(definition: Definition, scope: string): GraphDefinition | undefined {
  const container = containerOf(scope);
  if (container === undefined) return definition;
  const node = nodeAt(definition, container.place);
  return node && bodiesOf(node).find(({ name }) => name === container.branch)?.graph;
}

export function nodeAt(definition: Definition, place: string): NodeDefinition | undefined {
  const { scope, id } = splitPlace(place);
  return graphAt(definition, scope)?.nodes.find((node) => node.id === id);
}

/** The document with another graph in this scope; the same document where there is no such scope. */
export function withGraph(
  definition: Definition,
  scope: string,
  change: (graph: GraphDefinition) => GraphDefinition,
): Definition {
  const container = containerOf(scope);
  if (container === undefined) {
    const { nodes, edges } = change({ nodes: definition.nodes, ...(definition.edges && { edges: definition.edges }) });
    const { edges: _, ...rest } = definition;
    return { ...rest, nodes, ...(edges && { edges }) };
  }
  return withNode(definition, container.place, (node) => {
    const body = bodiesOf(node).find(({ name }) => name === container.branch);
    return body === undefined ? node : withBody(node, { ...body, graph: change(body.graph) });
  });
}

export function withNode(
  definition: Definition,
  place: string,
  change: (node: NodeDefinition) => NodeDefinition,
): Definition {
  const { scope, id } = splitPlace(place);
  return withGraph(definition, scope, (graph) => ({
    ...graph,
    nodes: graph.nodes.map((node) => (node.id === id ? change(node) : node)),
  }));
}

/** This place is the other, or stands in it. */
export const isWithin = (place: string, container: string): boolean =>
  place === container || place.startsWith(`${container}/`) || place.startsWith(`${container}.`);
