/** Where nodes stand: moving them, and laying all out anew. */
import type { Definition, GraphDefinition, NodeDefinition, TriggerDefinition } from '../../../../graph/document.ts';
import { bodiesOf, placeIn, triggerIdOf, triggerPlace } from '../../../../graph/document.ts';
import { layoutOf, spotIn } from '../../../../graph/layout.ts';
import { containerOf, graphAt, nodeAt, splitPlace, withBody, withGraph } from './scopes.ts';

export interface Spot {
  readonly x: number;
  readonly y: number;
}

const GRID = 8;
export const snap = ({ x, y }: Spot): Spot => ({ x: Math.round(x / GRID) * GRID, y: Math.round(y / GRID) * GRID });

/**
 * Spots as the document counts them: from the upper left corner of the graph. All nodes of a graph of which one was
 * moved keep their place from now on, so that nothing jumps when an edge is added.
 */
export function moveNodes(definition: Definition, spots: ReadonlyMap<string, Spot>): Definition {
  const isOfTrigger = (place: string) => triggerIdOf(place) !== undefined;
  const nodes = [...spots.keys()].filter((place) => !isOfTrigger(place));
  const start = nodes.length < spots.size ? moveTriggers(definition, spots) : definition;
  const scopes = new Set(nodes.map((place) => splitPlace(place).scope));
  return [...scopes].reduce((moved, scope) => {
    const frozen = freeze(moved, scope);
    const placed = withGraph(frozen, scope, (graph) => ({
      ...graph,
      nodes: graph.nodes.map((node) => {
        const spot = spots.get(placeIn(scope, node.id));
        return spot === undefined ? node : { ...node, position: snap(spot) };
      }),
    }));
    return scope === '' ? placed : intoFrame(placed, scope);
  }, start);
}

/** All of them stay where they are from now on, for the same reason. */
function moveTriggers(definition: Definition, spots: ReadonlyMap<string, Spot>): Definition {
  const boxes = layoutOf(definition);
  const triggers = (definition.triggers ?? []).map((trigger) => {
    const place = triggerPlace(trigger.id);
    const spot = spots.get(place) ?? spotIn(boxes, place);
    return spot === undefined ? trigger : { ...trigger, position: snap(spot) };
  });
  return { ...definition, triggers };
}

export function moveBy(definition: Definition, places: readonly string[], by: Spot): Definition {
  const boxes = layoutOf(definition);
  const spots = new Map(
    places.flatMap((place) => {
      const spot = spotIn(boxes, place);
      return spot === undefined ? [] : [[place, { x: spot.x + by.x, y: spot.y + by.y }] as const];
    }),
  );
  return moveNodes(definition, spots);
}

/** Writes down where the nodes of a graph stand now. */
export function freeze(definition: Definition, scope: string): Definition {
  const graph = graphAt(definition, scope);
  if (graph === undefined || graph.nodes.every(({ position }) => position !== undefined)) return definition;
  const boxes = layoutOf(definition);
  return withGraph(definition, scope, (one) => ({
    ...one,
    nodes: one.nodes.map((node) => {
      const spot = spotIn(boxes, placeIn(scope, node.id));
      return node.position !== undefined || spot === undefined ? node : { ...node, position: snap(spot) };
    }),
  }));
}

/** A frame begins where its first node does: what was dragged over its edge pushes the frame out instead. */
function intoFrame(definition: Definition, scope: string): Definition {
  const { nodes = [] } = graphAt(definition, scope) ?? {};
  const x = Math.min(0, ...nodes.map(({ position }) => position?.x ?? 0));
  const y = Math.min(0, ...nodes.map(({ position }) => position?.y ?? 0));
  const container = containerOf(scope);
  if (container === undefined || (x === 0 && y === 0)) return definition;
  const inside = withGraph(definition, scope, (graph) => ({
    ...graph,
    nodes: graph.nodes.map((node) => {
      const { position } = node;
      return position === undefined ? node : { ...node, position: { x: position.x - x, y: position.y - y } };
    }),
  }));
  const spot = spotIn(layoutOf(inside), container.place) ?? nodeAt(inside, container.place)?.position;
  if (spot === undefined) return inside;
  return moveNodes(inside, new Map([[container.place, { x: spot.x + x, y: spot.y + y }]]));
}

/** No position is left: everything is laid out by its edges, also what is added later. */
export function tidy(definition: Definition): Definition {
  const { triggers } = definition;
  const loose = triggers?.map(({ position: _, ...trigger }): TriggerDefinition => trigger as TriggerDefinition);
  return { ...definition, ...(loose && { triggers: loose }), nodes: bare(definition).nodes };
}

function bare(graph: GraphDefinition): GraphDefinition {
  return {
    ...graph,
    nodes: graph.nodes.map(({ position: _, ...node }): NodeDefinition => {
      return bodiesOf(node).reduce((one, body) => withBody(one, { ...body, graph: bare(body.graph) }), node);
    }),
  };
}
