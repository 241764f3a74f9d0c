/** Nodes as text for the clipboard, and back, also into another document. */
import { type Definition, type GraphDefinition, type NodeDefinition, placeIn } from '../../../../graph/document.ts';
import { layoutOf, spotIn } from '../../../../graph/layout.ts';
import { keepEdges } from './edges.ts';
import { freeze, type Spot, snap } from './move.ts';
import { freeId, renameIn } from './names.ts';
import { graphAt, splitPlace, withGraph } from './scopes.ts';

/** A part of a graph: also a whole document is one. */
export interface Clip {
  readonly nodes: readonly NodeDefinition[];
  readonly edges: readonly string[];
}

/** Those of these nodes that stand in one graph (that of the first), with the edges between them. */
export function clipOf(definition: Definition, places: readonly string[]): Clip | undefined {
  const [first] = places;
  if (first === undefined) return undefined;
  const { scope } = splitPlace(first);
  const ids = new Set(places.map(splitPlace).flatMap((place) => (place.scope === scope ? [place.id] : [])));
  const graph = graphAt(definition, scope);
  if (graph === undefined) return undefined;
  const boxes = layoutOf(definition);
  const nodes = graph.nodes
    .filter(({ id }) => ids.has(id))
    .map((node) => {
      const spot = spotIn(boxes, placeIn(scope, node.id));
      return spot === undefined ? node : { ...node, position: snap(spot) };
    });
  const { edges = [] } = keepEdges(graph, ({ from, to }) => ids.has(from) && ids.has(to));
  return { nodes, edges };
}

/** Undefined where the text is no JSON of nodes. */
export function readClip(text: string): Clip | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { nodes, edges } = (value ?? {}) as { readonly nodes?: unknown; readonly edges?: unknown };
  if (!Array.isArray(nodes) || nodes.length === 0 || !nodes.every(isNode)) return undefined;
  const texts = Array.isArray(edges) ? edges.filter((edge): edge is string => typeof edge === 'string') : [];
  return { nodes, edges: texts };
}

const isNode = (value: unknown): value is NodeDefinition => {
  const { id, type } = (value ?? {}) as { readonly id?: unknown; readonly type?: unknown };
  return typeof id === 'string' && typeof type === 'string';
};

export interface Pasted {
  readonly definition: Definition;
  /** Places of what was put in. */
  readonly places: readonly string[];
}

/** `at`: where the upper left of them comes to stand; default a little off where they were. */
export function paste(definition: Definition, scope: string, clip: Clip, at?: Spot): Pasted {
  const graph = graphAt(definition, scope);
  if (graph === undefined) return { definition, places: [] };
  const taken = new Set(graph.nodes.map(({ id }) => id));
  const names = new Map<string, string>();
  for (const { id } of clip.nodes) {
    const free = freeId(id, taken);
    taken.add(free);
    names.set(id, free);
  }
  const mine = renameIn(standing(clip, at), names);
  const known = new Set(mine.nodes.map(({ id }) => id));
  const nodes = mine.nodes.map((node) => {
    if (node.compensate === undefined || known.has(node.compensate)) return node;
    const { compensate: _, ...rest } = node;
    return rest;
  });
  const next = withGraph(freeze(definition, scope), scope, (one) => ({
    ...one,
    nodes: [...one.nodes, ...nodes],
    ...((one.edges || mine.edges?.length) && { edges: [...(one.edges ?? []), ...(mine.edges ?? [])] }),
  }));
  return { definition: next, places: nodes.map(({ id }) => placeIn(scope, id)) };
}

const OFF = 32;

/** The nodes of a clip with a position each, moved to their new ground. */
function standing({ nodes, edges }: Clip, at: Spot | undefined): GraphDefinition {
  const graph: GraphDefinition = { nodes: [...nodes], edges: [...edges] };
  const boxes = layoutOf(graph);
  const spots = nodes.map(({ id }) => spotIn(boxes, id) ?? { x: 0, y: 0 });
  const corner = { x: Math.min(...spots.map(({ x }) => x)), y: Math.min(...spots.map(({ y }) => y)) };
  const to = at ?? { x: corner.x + OFF, y: corner.y + OFF };
  return {
    ...graph,
    nodes: nodes.map((node, index) => {
      const { x, y } = spots[index] as Spot;
      return { ...node, position: snap({ x: x - corner.x + to.x, y: y - corner.y + to.y }) };
    }),
  };
}

export function duplicate(definition: Definition, places: readonly string[]): Pasted {
  const clip = clipOf(definition, places);
  const [first] = places;
  if (clip === undefined || first === undefined) return { definition, places: [] };
  return paste(definition, splitPlace(first).scope, clip);
}
