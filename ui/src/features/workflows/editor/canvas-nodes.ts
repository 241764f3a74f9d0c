/** The drawing of the draft as the canvas holds it: what has not changed stays the same object, so it is not drawn anew. */
import type { Edge } from '@xyflow/react';
import { useMemo, useState } from 'react';
import type { Definition } from '../../../graph/document.ts';
import { type FlowNode, flowOf } from '../../../graph/flow.ts';
import { type Layout, layoutOf } from '../../../graph/layout.ts';

export interface Drawing {
  readonly nodes: FlowNode[];
  readonly edges: Edge[];
  readonly boxes: Layout;
  readonly setNodes: React.Dispatch<React.SetStateAction<FlowNode[]>>;
}

export function useDrawing(
  definition: Definition,
  selection: readonly string[],
  edgeSelection: readonly string[],
): Drawing {
  const boxes = useMemo(() => layoutOf(definition), [definition]);
  const flow = useMemo(() => flowOf(definition, boxes, { loose: true }), [definition, boxes]);
  const [nodes, setNodes] = useState<FlowNode[]>([]);
  const [shown, setShown] = useState<{ readonly flow: unknown; readonly selection: unknown }>();
  if (shown?.flow !== flow || shown.selection !== selection) {
    setShown({ flow, selection });
    setNodes((before) => merge(before, flow.nodes, new Set(selection)));
  }
  const edges = useMemo(() => {
    const chosen = new Set(edgeSelection);
    return flow.edges.map((edge) => (chosen.has(edge.id) ? { ...edge, selected: true } : edge));
  }, [flow, edgeSelection]);
  return { nodes, edges, boxes, setNodes };
}

function merge(before: readonly FlowNode[], next: readonly FlowNode[], selection: ReadonlySet<string>): FlowNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  return next.map((node) => {
    const old = known.get(node.id);
    const selected = selection.has(node.id);
    if (old === undefined) return { ...node, selected };
    if (old.selected === selected && isSame(old, node)) return old;
    const data = sameData(old, node) ? old.data : node.data;
    return { ...node, data, selected } as FlowNode;
  });
}

const isSame = (a: FlowNode, b: FlowNode): boolean =>
  a.type === b.type &&
  a.parentId === b.parentId &&
  a.position.x === b.position.x &&
  a.position.y === b.position.y &&
  a.width === b.width &&
  a.height === b.height &&
  sameData(a, b);

function sameData(a: FlowNode, b: FlowNode): boolean {
  if (a.type === 'trigger' && b.type === 'trigger') return a.data.trigger === b.data.trigger;
  if (a.type === 'branch' && b.type === 'branch') return a.data.name === b.data.name;
  if (a.type === 'trigger' || a.type === 'branch' || b.type === 'trigger' || b.type === 'branch') return false;
  if (a.data.undoes !== b.data.undoes) return false;
  return a.data.node === b.data.node && a.data.ports.join() === b.data.ports.join();
}
