/** A document as what the canvas draws. */
import type { Edge, Node } from '@xyflow/react';
import {
  arrowsOf,
  bodiesOf,
  type Definition,
  type GraphDefinition,
  type NodeDefinition,
  placeIn,
  portsOf,
  scopeOf,
} from './document.ts';
import type { Layout } from './layout.ts';

export type CardData = { readonly node: NodeDefinition; readonly ports: readonly string[]; readonly place: string };
export type BranchData = { readonly name: string };
export type CardNode = Node<CardData, 'card'>;
export type FrameNode = Node<CardData, 'frame'>;
export type BranchNode = Node<BranchData, 'branch'>;
export type FlowNode = CardNode | FrameNode | BranchNode;

export interface Flow {
  readonly nodes: FlowNode[];
  readonly edges: Edge[];
}

/** Frames come before what is in them, as the canvas demands. */
export function flowOf(definition: Definition, boxes: Layout): Flow {
  const flow: Flow = { nodes: [], edges: [] };
  addGraph(flow, definition, '', undefined, boxes);
  return flow;
}

function addGraph(flow: Flow, graph: GraphDefinition, scope: string, parent: string | undefined, boxes: Layout): void {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  for (const node of graph.nodes) addNode(flow, node, placeIn(scope, node.id), parent, boxes);
  const mainPort = (id: string) => portsOf(byId.get(id) ?? { id, type: '' })[0] ?? 'out';
  for (const { from, port, to } of arrowsOf(graph, mainPort)) {
    if (!byId.has(from) || !byId.has(to)) continue;
    const [source, target] = [placeIn(scope, from), placeIn(scope, to)];
    flow.edges.push({
      id: `${source}:${port}->${target}`,
      source,
      target,
      sourceHandle: port,
      targetHandle: 'in',
      ...(port !== 'out' && { label: port }),
    });
  }
}

function addNode(flow: Flow, node: NodeDefinition, place: string, parent: string | undefined, boxes: Layout): void {
  const { x, y, width, height } = boxes.get(place) ?? { x: 0, y: 0, width: 200, height: 52 };
  const bodies = bodiesOf(node);
  const shared = {
    position: { x, y },
    width,
    height,
    ...(parent !== undefined && { parentId: parent, extent: 'parent' as const }),
  };
  const data = { node, place, ports: portsOf(node) };
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
        selectable: false,
        draggable: false,
      });
    }
    addGraph(flow, body.graph, scope, body.name === null ? place : scope, boxes);
  }
}
