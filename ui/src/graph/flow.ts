/** A document as what the canvas draws. */
import type { Edge, Node } from '@xyflow/react';
import {
  arrowsOf,
  bodiesOf,
  type Definition,
  type GraphDefinition,
  mainPortOf,
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
  const mainPort = (id: string) => mainPortOf(byId.get(id) ?? { id, type: '' });
  const arrows = arrowsOf(graph, mainPort);
  const used = new Map<string, string[]>();
  for (const { from, port } of arrows) used.set(from, [...(used.get(from) ?? []), port]);
  for (const node of graph.nodes) {
    // An edge may leave by a port that its node does not have (yet): it is drawn all the same, and named by the check.
    const ports = [...new Set([...portsOf(node), ...(used.get(node.id) ?? [])])];
    addNode(flow, node, ports, placeIn(scope, node.id), parent, boxes);
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
      ...(port !== 'out' && { label: port }),
    });
  }
}

function addNode(
  flow: Flow,
  node: NodeDefinition,
  ports: readonly string[],
  place: string,
  parent: string | undefined,
  boxes: Layout,
): void {
  const { x, y, width, height } = boxes.get(place) ?? { x: 0, y: 0, width: 200, height: 52 };
  const bodies = bodiesOf(node);
  const shared = {
    position: { x, y },
    width,
    height,
    ...(parent !== undefined && { parentId: parent, extent: 'parent' as const }),
  };
  const data = { node, place, ports };
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
