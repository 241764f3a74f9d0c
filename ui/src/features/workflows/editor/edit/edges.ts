/** Joining nodes and parting them. */
import { parseEdge } from '../../../../../../src/core/definition/edge.ts';
import {
  type Arrow,
  arrowsOf,
  type Definition,
  type GraphDefinition,
  mainPortOf,
  type NodeDefinition,
  placeIn,
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

/** Places that `connect` can join to this one by some port. Many at once: the graph is walked but one time. */
export function followersOf(definition: Definition, source: string): readonly string[] {
  const { scope, id } = splitPlace(source);
  const graph = graphAt(definition, scope);
  if (graph === undefined) return [];
  const undoes = new Set(graph.nodes.map(({ compensate }) => compensate));
  if (undoes.has(id)) return [];
  const before = new Map<string, string[]>();
  for (const { from, to } of arrowsIn(graph)) before.set(to, [...(before.get(to) ?? []), from]);
  const barred = walk(before, id);
  return graph.nodes.flatMap((node) => (barred.has(node.id) || undoes.has(node.id) ? [] : [placeIn(scope, node.id)]));
}

export interface Joints {
  readonly into: readonly Arrow[];
  readonly outOf: readonly Arrow[];
}

/** The edges of a node; their ends are places. */
export function edgesAt(definition: Definition, place: string): Joints {
  const { scope, id } = splitPlace(place);
  const graph = graphAt(definition, scope);
  const arrows = graph === undefined ? [] : arrowsIn(graph);
  const placed = ({ from, port, to }: Arrow): Arrow => ({ from: placeIn(scope, from), port, to: placeIn(scope, to) });
  return {
    into: arrows.filter(({ to }) => to === id).map(placed),
    outOf: arrows.filter(({ from }) => from === id).map(placed),
  };
}

function reaches(graph: GraphDefinition, from: string, to: string): boolean {
  const next = new Map<string, string[]>();
  for (const arrow of arrowsIn(graph)) next.set(arrow.from, [...(next.get(arrow.from) ?? []), arrow.to]);
  return walk(next, from).has(to);
}

/** What is reached from here, and here itself. */
function walk(next: ReadonlyMap<string, readonly string[]>, from: string): ReadonlySet<string> {
  const seen = new Set([from]);
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const one of next.get(id) ?? []) {
      if (seen.has(one)) continue;
      seen.add(one);
      open.push(one);
    }
  }
  return seen;
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
