/** A document as what the canvas draws. */
import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react';
import {
  arrowsOf,
  bodiesOf,
  type Definition,
  firstsOf,
  type GraphDefinition,
  mainPortOf,
  type NodeDefinition,
  placeIn,
  portsOf,
  scopeOf,
  type TriggerDefinition,
  triggerPlace,
  undoneBy,
} from './document.ts';
import { type Layout, NODE_HEIGHT, NODE_WIDTH } from './layout.ts';
import { triggerLine } from './trigger-line.ts';

type CardData = {
  readonly node: NodeDefinition;
  readonly ports: readonly string[];
  readonly place: string;
  /** The id of the node that this one undoes. */
  readonly undoes?: string | undefined;
};
type BranchData = { readonly name: string };
type TriggerData = { readonly trigger: TriggerDefinition; readonly place: string };
export type CardNode = Node<CardData, 'card'>;
export type FrameNode = Node<CardData, 'frame'>;
export type BranchNode = Node<BranchData, 'branch'>;
export type TriggerNode = Node<TriggerData, 'trigger'>;
export type FlowNode = CardNode | FrameNode | BranchNode | TriggerNode;

export interface Flow {
  readonly nodes: FlowNode[];
  readonly edges: Edge[];
}

interface FlowOptions {
  /** Nodes may be dragged out of their frame. */
  readonly loose?: boolean;
}

/** Frames come before what is in them, as the canvas demands. */
export function flowOf(definition: Definition, boxes: Layout, { loose = false }: FlowOptions = {}): Flow {
  const flow: Flow = { nodes: [], edges: [] };
  addTriggers(flow, definition, boxes);
  addGraph(flow, definition, '', undefined, boxes);
  for (const node of flow.nodes) {
    if (loose) delete node.extent;
    // Known beforehand, so that also nodes that were never in sight count when all are fit into view.
    node.measured = { width: node.width ?? 0, height: node.height ?? 0 };
  }
  return flow;
}

/** With an arrow to each node that begins: the document has no such edges. */
function addTriggers(flow: Flow, definition: Definition, boxes: Layout): void {
  const firsts = firstsOf(definition);
  for (const trigger of definition.triggers ?? []) {
    const place = triggerPlace(trigger.id);
    const { x, y } = boxes.get(place) ?? { x: 0, y: 0 };
    flow.nodes.push({
      id: place,
      type: 'trigger',
      ariaLabel: `${trigger.id}, ${trigger.type} trigger: ${triggerLine(trigger.type, trigger)}`,
      data: { trigger, place },
      position: { x, y },
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      handles: handlesOf(NODE_WIDTH, NODE_HEIGHT, ['out']).filter(({ type }) => type === 'source'),
      connectable: false,
    });
    for (const target of firsts) {
      flow.edges.push({
        id: `${place}->${target}`,
        source: place,
        target,
        sourceHandle: 'out',
        targetHandle: 'in',
        selectable: false,
        data: { isStart: true },
      });
    }
  }
}

/** Where the line begins and ends that joins a node to what undoes it. */
export const UNDONE = 'undone';
export const UNDOES = 'undoes';

const HANDLE_PX = 10;
/** In the header of a frame. */
const FRAME_IN_Y = 20;

/** Where arrows begin and end, known before anything is drawn, so that also what is out of sight has its arrows. */
function handlesOf(width: number, height: number, ports: readonly string[], inY = height / 2): NodeHandle[] {
  const half = HANDLE_PX / 2;
  const size = { width: HANDLE_PX, height: HANDLE_PX };
  return [
    { id: 'in', type: 'target', position: Position.Left, x: -half, y: inY - half, ...size },
    ...ports.map((id, index): NodeHandle => {
      const y = ((index + 0.5) / ports.length) * height - half;
      return { id, type: 'source', position: Position.Right, x: width - half, y, ...size };
    }),
  ];
}

function undoHandles({ node, undoes }: CardData, width: number, height: number): NodeHandle[] {
  const place = { x: width / 2, width: 1, height: 1 };
  return [
    ...(node.compensate === undefined
      ? []
      : [{ id: UNDONE, type: 'source' as const, position: Position.Bottom, y: height, ...place }]),
    ...(undoes === undefined ? [] : [{ id: UNDOES, type: 'target' as const, position: Position.Top, y: 0, ...place }]),
  ];
}

function addGraph(flow: Flow, graph: GraphDefinition, scope: string, parent: string | undefined, boxes: Layout): void {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const mainPort = (id: string) => mainPortOf(byId.get(id) ?? { id, type: '' });
  const arrows = arrowsOf(graph, mainPort);
  const used = new Map<string, string[]>();
  for (const { from, port } of arrows) used.set(from, [...(used.get(from) ?? []), port]);
  const undone = undoneBy(graph);
  for (const node of graph.nodes) {
    // An edge may leave by a port that its node does not have (yet): it is drawn all the same, and named by the check.
    const ports = [...new Set([...portsOf(node), ...(used.get(node.id) ?? [])])];
    addNode(flow, { node, ports, place: placeIn(scope, node.id), undoes: undone.get(node.id) }, parent, boxes);
  }
  for (const { from, port, to } of arrows) {
    if (!byId.has(from) || !byId.has(to)) continue;
    const [source, target] = [placeIn(scope, from), placeIn(scope, to)];
    flow.edges.push({
      id: `${source}:${port}->${target}`,
      source,
      target,
      sourceHandle: port,
      targetHandle: 'in',
    });
  }
  for (const [to, from] of undone) {
    const [source, target] = [placeIn(scope, from), placeIn(scope, to)];
    flow.edges.push({
      id: `${target}~>${source}`,
      ...{ source, target, sourceHandle: UNDONE, targetHandle: UNDOES },
      ...{ selectable: false, data: { isUndo: true } },
    });
  }
}

function addNode(flow: Flow, data: CardData, parent: string | undefined, boxes: Layout): void {
  const { node, ports, place, undoes } = data;
  const { x, y, width, height } = boxes.get(place) ?? { x: 0, y: 0, width: 200, height: 52 };
  const bodies = bodiesOf(node);
  const shared = {
    ariaLabel: `${node.id}, ${node.type}${undoes === undefined ? '' : `, undoes ${undoes}`}`,
    position: { x, y },
    width,
    height,
    handles: [
      ...handlesOf(width, height, ports, bodies.length > 0 ? FRAME_IN_Y : undefined),
      ...undoHandles(data, width, height),
    ],
    ...(parent !== undefined && { parentId: parent, extent: 'parent' as const }),
  };
  flow.nodes.push(
    bodies.length === 0 ? { id: place, type: 'card', data, ...shared } : { id: place, type: 'frame', data, ...shared },
  );
  for (const body of bodies) {
    const scope = scopeOf(place, body);
    if (body.name !== null) {
      const box = boxes.get(scope) ?? { x: 0, y: 0, width: 200, height: 100 };
      flow.nodes.push({
        id: scope,
        type: 'branch',
        data: { name: body.name },
        position: { x: box.x, y: box.y },
        width: box.width,
        height: box.height,
        parentId: place,
        focusable: false,
        selectable: false,
        draggable: false,
      });
    }
    addGraph(flow, body.graph, scope, body.name === null ? place : scope, boxes);
  }
}
