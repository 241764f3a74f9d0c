/** The document that ran, colored by how its nodes are doing; the way that was taken stands out. */
import type { NodeChange } from '@xyflow/react';
import { useMemo } from 'react';
import type { ExecutionNode } from '../../../../../src/contract/executions.ts';
import { Canvas } from '../../../graph/canvas.tsx';
import type { Definition } from '../../../graph/document.ts';
import { placeOfAddress } from '../../../graph/document.ts';
import { type Flow, type FlowNode, flowOf } from '../../../graph/flow.ts';
import { layoutOf } from '../../../graph/layout.ts';
import { MarksProvider } from '../../../graph/marks.ts';
import { addressAt, drawnPlace, marksOf } from './marks-of.ts';
import { useRun } from './view.tsx';

export default function GraphView({ definition }: { readonly definition: Definition }) {
  const { execution, node, choose } = useRun();
  const { nodes } = execution;
  const flow = useMemo(() => flowOf(definition, layoutOf(definition)), [definition]);
  const marks = useMemo(() => marksOf(definition, nodes), [definition, nodes]);
  const edges = useMemo(() => traveled(flow, definition, nodes), [flow, definition, nodes]);
  const chosen = node === undefined ? undefined : drawnPlace(definition, node);
  const drawn = useMemo(
    () => flow.nodes.map((one) => (one.id === chosen ? { ...one, selected: true } : one)),
    [flow, chosen],
  );
  const change = (changes: NodeChange<FlowNode>[]) => {
    for (const one of changes) {
      if (one.type !== 'select' || !one.selected || one.id === chosen) continue;
      // A body that was never entered has no address; its place is shown as it stands in the document.
      choose(addressAt(definition, nodes, one.id) ?? one.id);
    }
  };
  return (
    <MarksProvider value={marks}>
      <Canvas
        fixed
        nodes={drawn}
        edges={edges}
        onNodesChange={change}
        onPaneClick={() => choose(undefined)}
        aria-label="Graph of the execution"
      />
    </MarksProvider>
  );
}

const TAKEN = { stroke: 'var(--accent)', strokeWidth: 2 };
const UNTAKEN = { opacity: 0.5 };

/** Edges by which some node has left, against those that nothing came along. */
function traveled(flow: Flow, definition: Definition, nodes: readonly ExecutionNode[]): Flow['edges'] {
  const left = new Set<string>();
  const busy = new Set<string>();
  for (const { path, port, status } of nodes) {
    const place = placeOfAddress(definition, path);
    if (port !== null) left.add(`${place}:${port}`);
    if (status === 'running' && place !== undefined) busy.add(place);
  }
  return flow.edges.map((edge) => {
    const isTaken = left.has(`${edge.source}:${edge.sourceHandle}`);
    return { ...edge, style: isTaken ? TAKEN : UNTAKEN, animated: isTaken && busy.has(edge.target) };
  });
}
