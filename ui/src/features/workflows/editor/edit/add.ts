/** Putting new nodes, triggers and branches into a document. */
import {
  bodiesOf,
  type Definition,
  type GraphDefinition,
  mainPortOf,
  type NodeDefinition,
  placeIn,
} from '../../../../graph/document.ts';
import { type Layout, layoutOf, NODE_WIDTH, spotIn } from '../../../../graph/layout.ts';
import { connect, putBetween } from './edges.ts';
import { freeze, type Spot, snap } from './move.ts';
import { freeId } from './names.ts';
import { graphAt, nodeAt, withBody, withGraph, withNode } from './scopes.ts';

const GAP_X = 64;
const GAP_Y = 24;

export interface Where {
  readonly scope: string;
  /** From the corner of the graph; without it the node stands where there is room. */
  readonly spot?: Spot;
  /** Joined to this one, by this port or its main one. */
  readonly after?: string;
  readonly port?: string;
  /** In the midst of an edge from `after` to this one. */
  readonly before?: string;
}

export interface Added {
  readonly definition: Definition;
  readonly place: string;
}

/** Its id becomes another where it is taken. */
export function addNode(definition: Definition, node: NodeDefinition, where: Where): Added {
  const { scope, after, port, before } = where;
  const graph = graphAt(definition, scope);
  if (graph === undefined) return { definition, place: '' };
  const id = freeId(
    node.id,
    graph.nodes.map((one) => one.id),
  );
  const place = placeIn(scope, id);
  const isPlaced = where.spot !== undefined || graph.nodes.some(({ position }) => position !== undefined);
  const ground = isPlaced ? freeze(definition, scope) : definition;
  const position = isPlaced ? snap(where.spot ?? freeSpot(ground, scope, after)) : undefined;
  const added = withGraph(ground, scope, (one) => ({
    ...one,
    nodes: [...one.nodes, { ...node, id, ...(position && { position }) }],
  }));
  if (after === undefined) return { definition: added, place };
  const from = port ?? mainPortOf(nodeAt(added, after) ?? node);
  if (before !== undefined) return { definition: putBetween(added, after, from, before, place), place };
  return { definition: connect(added, after, from, place), place };
}

/** To the right of the one before, below whatever stands there already. */
function freeSpot(definition: Definition, scope: string, after: string | undefined): Spot {
  const boxes = layoutOf(definition);
  const { nodes } = graphAt(definition, scope) as GraphDefinition;
  const taken = nodes.flatMap(({ id }) => {
    const spot = spotIn(boxes, placeIn(scope, id));
    const box = boxes.get(placeIn(scope, id));
    return spot && box ? [{ ...box, ...spot }] : [];
  });
  let spot = startOf(boxes, after, taken);
  for (let tries = 0; tries < taken.length; tries += 1) {
    const hit = taken.find(
      ({ x, y, width, height }) =>
        spot.x < x + width && spot.x + NODE_WIDTH > x && spot.y < y + height + GAP_Y && spot.y + 52 + GAP_Y > y,
    );
    if (hit === undefined) break;
    spot = { x: spot.x, y: hit.y + hit.height + GAP_Y };
  }
  return spot;
}

type Taken = Spot & { readonly width: number };

function startOf(boxes: Layout, after: string | undefined, taken: readonly Taken[]): Spot {
  const before = after === undefined ? undefined : spotIn(boxes, after);
  if (before !== undefined) {
    return { x: before.x + (boxes.get(after ?? '')?.width ?? NODE_WIDTH) + GAP_X, y: before.y };
  }
  const last = taken.at(-1);
  return last === undefined ? { x: 0, y: 0 } : { x: last.x, y: last.y };
}

type TriggerDefinition = NonNullable<Definition['triggers']>[number];

/** `spot`: where it was dropped; without it, it stands with the others. */
export function addTrigger(definition: Definition, trigger: TriggerDefinition, spot?: Spot): Definition {
  const triggers = definition.triggers ?? [];
  const id = freeId(
    trigger.id,
    triggers.map((one) => one.id),
  );
  return { ...definition, triggers: [...triggers, { ...trigger, id, ...(spot && { position: snap(spot) }) }] };
}

export const removeTrigger = (definition: Definition, id: string): Definition => ({
  ...definition,
  triggers: (definition.triggers ?? []).filter((trigger) => trigger.id !== id),
});

/** One more branch of a `parallel`, with a node to begin with. */
export function addBranch(definition: Definition, place: string, name: string): Definition {
  return withNode(definition, place, (node) => {
    const taken = bodiesOf(node).flatMap((body) => (body.name === null ? [] : [body.name]));
    const graph: GraphDefinition = { nodes: [{ id: 'step', type: 'transform', config: { set: {} } }] };
    return withBody(node, { name: freeId(name, taken), graph });
  });
}

export function removeBranch(definition: Definition, place: string, name: string): Definition {
  return withNode(definition, place, (node) => {
    const branches = (node.config?.branches ?? {}) as Readonly<Record<string, unknown>>;
    const { [name]: _, ...rest } = branches;
    return { ...node, config: { ...node.config, branches: rest } };
  });
}
