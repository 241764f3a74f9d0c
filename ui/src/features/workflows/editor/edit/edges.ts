/** Joining nodes and parting them. */
import { parseEdge } from '../../../../../../src/core/definition/edge.ts';
import {
  type Arrow,
  arrowsOf,
  type Definition,
  type GraphDefinition,
  mainPortOf,
  type NodeDefinition,
} from '../../../../graph/document.ts';
import { graphAt, nodeAt, splitPlace, withGraph, withNode } from './scopes.ts';

/** The main port `out` goes without saying. */
export const edgeText = ({ from, port, to }: Arrow): string =>
  port === 'out' ? `${from} -> ${to}` : `${from}:${port} -> ${to}`;

const mainPortsOf = ({ nodes }: GraphDefinition): ((id: string) => string) => {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return (id) => mainPortOf(byId.get(id) ?? { id, type: '' });
};

export const arrowsIn = (graph: GraphDefinition): Arrow[] => arrowsOf(graph, mainPortsOf(graph));

/** Why these two cannot be joined, in words; undefined: they can. */
export function whyNot(definition: Definition, source: string, target: string): string | undefined {
  const [from, to] = [splitPlace(source), splitPlace(target)];
  if (from.scope !== to.scope) return 'An edge stays inside of its container. Move one of the nodes first.';
  const graph = graphAt(definition, from.scope);
  if (graph === undefined || source === target) return 'A node cannot follow itself.';
  if (reaches(graph, to.id, from.id)) return 'This would make a circle. To repeat, put the nodes into a loop.';
  const undoes = new Set(graph.nodes.map(({ compensate }) => compensate));
  if (undoes.has(from.id) || undoes.has(to.id)) return 'A node that undoes another stands without edges.';
  return undefined;
}

function reaches(graph: GraphDefinition, from: string, to: string): boolean {
  const next = new Map<string, string[]>();
  for (const arrow of arrowsIn(graph)) next.set(arrow.from, [...(next.get(arrow.from) ?? []), arrow.to]);
  const seen = new Set([from]);
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true;
    for (const one of next.get(id) ?? []) {
      if (seen.has(one)) continue;
      seen.add(one);
      open.push(one);
    }
  }
  return false;
}

/** An edge from the port `error` is written with `onError: branch` where the node says something else. */
export function connect(definition: Definition, source: string, port: string, target: string): Definition {
  const { scope, id: from } = splitPlace(source);
  const { id: to } = splitPlace(target);
  const graph = graphAt(definition, scope);
  if (graph === undefined || whyNot(definition, source, target) !== undefined) return definition;
  if (arrowsIn(graph).some((arrow) => arrow.from === from && arrow.port === port && arrow.to === to)) return definition;
  const joined = withGraph(definition, scope, (one) => ({
    ...one,
    edges: [...(one.edges ?? []), edgeText({ from, port, to })],
  }));
  const onError = nodeAt(joined, source)?.onError;
  if (port !== 'error' || onError === undefined || onError === 'branch') return joined;
  return withNode(joined, source, (node) => ({ ...node, onError: 'branch' }));
}

export function disconnect(definition: Definition, source: string, port: string, target: string): Definition {
  const { scope, id: from } = splitPlace(source);
  const { id: to } = splitPlace(target);
  return withGraph(definition, scope, (graph) =>
    keepEdges(graph, (arrow) => !(arrow.from === from && arrow.port === port && arrow.to === to)),
  );
}

/** Edges that are none stay as they are written. */
export function keepEdges(graph: GraphDefinition, keeps: (arrow: Arrow) => boolean): GraphDefinition {
  if (graph.edges === undefined) return graph;
  const mainPort = mainPortsOf(graph);
  const edges = graph.edges.filter((text) => {
    const edge = parseEdge(text);
    return edge === null || keeps({ from: edge.from, port: edge.port ?? mainPort(edge.from), to: edge.to });
  });
  return edges.length === graph.edges.length ? graph : { ...graph, edges };
}

/** What is written for the node, put between the two ends of an edge; it must stand in the same graph. */
export function putBetween(definition: Definition, source: string, port: string, target: string, middle: string) {
  const parted = disconnect(definition, source, port, target);
  const node = nodeAt(parted, middle) as NodeDefinition;
  return connect(connect(parted, source, port, middle), middle, mainPortOf(node), target);
}
