/**
 * Where nodes stand: as the document says, and the rest from left to right by ranks (dagre, after Gansner et al., "A
 * technique for drawing directed graphs", 1993). A container is laid out first and then stands as one box of its size.
 */
import { Graph, layout } from '@dagrejs/dagre';
import {
  type Arrow,
  aroundOf,
  arrowsOf,
  bodiesOf,
  type Definition,
  firstsOf,
  type GraphDefinition,
  type NodeDefinition,
  placeIn,
  portsOf,
  scopeOf,
  triggerPlace,
  undoneBy,
} from './document.ts';
import { layered } from './layers.ts';

export const NODE_WIDTH = 208;
export const NODE_HEIGHT = 52;
const PORT_PX = 18;
const PADDING = 20;
const FRAME_HEADER = 40;
const BRANCH_HEADER = 22;
/** At the right of a frame with several ports, for their names. */
const PORT_NAMES = 24;
/** Between a node and what undoes it, which stands below. */
const UNDO_GAP = 32;

interface Spot {
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Its corner is relative to the frame around. */
interface Box extends Spot, Size {}

/** Boxes by place, those of triggers too. Branches have one, at `container.branch`. */
export type Layout = ReadonlyMap<string, Box>;

type Drawn = GraphDefinition & Pick<Definition, 'triggers'>;

/** `fresh`: also of what has its position in the document. */
export function layoutOf(definition: Drawn, { fresh = false } = {}): Layout {
  const boxes = new Map<string, Box>();
  layGraph(definition, '', boxes, fresh);
  layTriggers(definition, boxes, fresh);
  return boxes;
}

const TRIGGER_GAP_X = 96;
const TRIGGER_GAP_Y = 16;

/** Where the document does not say it, one below the other at the left of all nodes, beside those that begin. */
function layTriggers(definition: Drawn, boxes: Map<string, Box>, fresh: boolean): void {
  const { triggers = [], nodes } = definition;
  const size = { width: NODE_WIDTH, height: NODE_HEIGHT };
  const loose = triggers.filter(({ position }) => fresh || position === undefined);
  const spots = firstsOf(definition).flatMap((id) => boxes.get(id) ?? []);
  const all = nodes.flatMap(({ id }) => boxes.get(id) ?? []);
  const x = Math.min(...(all.length > 0 ? all.map((box) => box.x) : [0])) - NODE_WIDTH - TRIGGER_GAP_X;
  const top = Math.min(...(spots.length > 0 ? spots.map((box) => box.y) : [0]));
  const ends = spots.map((box) => box.y + Math.min(box.height, NODE_HEIGHT));
  const bottom = Math.max(...(ends.length > 0 ? ends : [NODE_HEIGHT]));
  const height = loose.length * (NODE_HEIGHT + TRIGGER_GAP_Y) - TRIGGER_GAP_Y;
  const y = Math.round((top + bottom - height) / 2);
  for (const { id, position } of triggers)
    if (!fresh && position) boxes.set(triggerPlace(id), { ...position, ...size });
  for (const [index, { id }] of loose.entries()) {
    boxes.set(triggerPlace(id), { x, y: y + index * (NODE_HEIGHT + TRIGGER_GAP_Y), ...size });
  }
}

/** Above this, dagre takes too long. */
const NEAT_UP_TO = 150;
const NOWHERE: ReadonlyMap<string, Spot> = new Map();
const NONE: ReadonlyMap<string, string> = new Map();

/** Writes the boxes of a graph, beginning at its padding; answers how much room it takes. */
function layGraph(graph: GraphDefinition, scope: string, boxes: Map<string, Box>, fresh: boolean): Size {
  const sizes = new Map<string, Size>();
  for (const node of graph.nodes) {
    const place = placeIn(scope, node.id);
    const bodies = bodiesOf(node);
    const ports = portsOf(node).length;
    if (bodies.length === 0) sizes.set(node.id, cardSize(ports));
    else {
      const { width, height } = layBodies(place, bodies, boxes, fresh);
      sizes.set(node.id, { width: width + (ports > 1 ? PORT_NAMES : 0), height });
    }
  }
  // Where the document says it all, nothing is computed: a large graph is moved as smoothly as a small one.
  const isPlaced = !fresh && graph.nodes.every(({ position }) => position !== undefined);
  const below = isPlaced ? NONE : undoneBy(graph);
  const spots = isPlaced ? NOWHERE : ranked(graph, sizes, below);
  let [width, height] = [0, 0];
  const put = (id: string, at: Spot): void => {
    const size = sizes.get(id) as Size;
    boxes.set(placeIn(scope, id), { ...at, ...size });
    width = Math.max(width, at.x + size.width);
    height = Math.max(height, at.y + size.height);
  };
  const spotOf = ({ id, position }: NodeDefinition): Spot => (!fresh && position) || spots.get(id) || { x: 0, y: 0 };
  for (const node of graph.nodes) if (!below.has(node.id)) put(node.id, spotOf(node));
  for (const node of graph.nodes) {
    const undone = below.get(node.id);
    const above = undone === undefined ? undefined : boxes.get(placeIn(scope, undone));
    if (above !== undefined) put(node.id, (!fresh && node.position) || under(above));
  }
  return { width, height };
}

const under = ({ x, y, height }: Box): Spot => ({ x, y: y + height + UNDO_GAP });

/** Branches one below the other; a single body fills its frame. */
function layBodies(place: string, bodies: ReturnType<typeof bodiesOf>, boxes: Map<string, Box>, fresh: boolean): Size {
  let [width, y] = [NODE_WIDTH, FRAME_HEADER];
  for (const body of bodies) {
    const scope = scopeOf(place, body);
    const inner = layGraph(body.graph, scope, boxes, fresh);
    const header = body.name === null ? 0 : BRANCH_HEADER;
    const size = { width: inner.width + 2 * PADDING, height: inner.height + 2 * PADDING + header };
    shift(body.graph, scope, boxes, PADDING, PADDING + header + (body.name === null ? y : 0));
    if (body.name !== null) boxes.set(scope, { x: PADDING / 2, y, ...size });
    width = Math.max(width, size.width + (body.name === null ? 0 : PADDING));
    y += size.height + (body.name === null ? 0 : PADDING / 2);
  }
  return { width, height: y };
}

function shift({ nodes }: GraphDefinition, scope: string, boxes: Map<string, Box>, dx: number, dy: number): void {
  for (const { id } of nodes) {
    const place = placeIn(scope, id);
    const box = boxes.get(place) as Box;
    boxes.set(place, { ...box, x: box.x + dx, y: box.y + dy });
  }
}

function cardSize(ports: number): Size {
  return { width: NODE_WIDTH, height: Math.max(NODE_HEIGHT, ports * PORT_PX + 16) };
}

/**
 * Corners of all nodes but those that undo others. Each of these has its room below the node that it undoes, and as much
 * is left free above, so that a chain stays straight.
 */
function ranked(
  graph: GraphDefinition,
  all: ReadonlyMap<string, Size>,
  below: ReadonlyMap<string, string>,
): ReadonlyMap<string, Spot> {
  const margins = new Map([...below].map(([id, undone]) => [undone, UNDO_GAP + (all.get(id)?.height ?? 0)]));
  const roomy = ([id, { width, height }]: [string, Size]) => {
    return [id, { width, height: height + 2 * (margins.get(id) ?? 0) }] as const;
  };
  const sizes = new Map([...all].filter(([id]) => !below.has(id)).map(roomy));
  const arrows = arrowsOf(graph).filter(({ from, to }) => sizes.has(from) && sizes.has(to));
  const spots = sizes.size > NEAT_UP_TO ? layered(sizes, arrows) : neat(sizes, arrows);
  if (margins.size === 0) return spots;
  const cornerOfNode = (id: string, { x, y }: Spot): Spot => ({ x, y: y + (margins.get(id) ?? 0) });
  const corners = [...spots].map(([id, spot]) => [id, cornerOfNode(id, spot)] as const);
  const top = Math.min(...corners.map(([, { y }]) => y));
  return new Map(corners.map(([id, { x, y }]) => [id, { x, y: y - top }]));
}

function neat(sizes: ReadonlyMap<string, Size>, arrows: readonly Arrow[]): Map<string, Spot> {
  const drawing = new Graph();
  drawing.setGraph({ rankdir: 'LR', ranksep: 64, nodesep: 24, marginx: 0, marginy: 0 });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (const [id, size] of sizes) drawing.setNode(id, { ...size });
  for (const { from, to } of arrows) drawing.setEdge(from, to);
  layout(drawing);
  return new Map(
    [...sizes].map(([id, { width, height }]) => {
      const { x = 0, y = 0 } = drawing.node(id) as { x?: number; y?: number };
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }];
    }),
  );
}

/** Of the graph in a container, from the corner of the box around it. */
export function originOf(scope: string): Spot {
  if (scope === '') return { x: 0, y: 0 };
  const isBranch = scope.slice(scope.lastIndexOf('/') + 1).includes('.');
  return { x: PADDING, y: PADDING + (isBranch ? BRANCH_HEADER : FRAME_HEADER) };
}

/** Where a node stands as its document would say it: from the corner of its graph. */
export function spotIn(boxes: Layout, place: string): Spot | undefined {
  const box = boxes.get(place);
  const origin = originOf(place.slice(0, Math.max(0, place.lastIndexOf('/'))));
  return box && { x: box.x - origin.x, y: box.y - origin.y };
}

/** Its corner in the drawing as a whole. */
export function cornerOf(boxes: Layout, place: string): Spot {
  let [x, y] = [0, 0];
  for (let at = place; at !== ''; at = aroundOf(at)) {
    const box = boxes.get(at);
    x += box?.x ?? 0;
    y += box?.y ?? 0;
  }
  return { x, y };
}
