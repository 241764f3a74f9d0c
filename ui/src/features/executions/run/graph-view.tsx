/** The document that ran, colored by how its nodes are doing; the way that was taken stands out. */
import { Controls, type NodeChange } from '@xyflow/react';
import { useMemo } from 'react';
import type { ExecutionNode } from '../../../../../src/contract/executions.ts';
import type { Tone } from '../../../components/tone.ts';
import { Canvas } from '../../../graph/canvas.tsx';
import type { Definition } from '../../../graph/document.ts';
import { placeOfAddress, triggerPlace } from '../../../graph/document.ts';
import { type Flow, type FlowNode, flowOf } from '../../../graph/flow.ts';
import { useInSight } from '../../../graph/in-sight.ts';
import { type Layout, layoutOf } from '../../../graph/layout.ts';
import { type Marks, MarksProvider } from '../../../graph/marks.ts';
import { runMarks } from '../../../graph/run-marks.ts';
import { useWalk } from '../../../graph/walk.ts';
import { addressAt, drawnPlace } from './drawn.ts';
import { useRun } from './view.tsx';

export default function GraphView({ definition }: { readonly definition: Definition }) {
  const { execution, node, choose } = useRun();
  const { nodes, status, triggerId } = execution;
  const boxes = useMemo(() => layoutOf(definition), [definition]);
  const flow = useMemo(() => withFixedTriggers(flowOf(definition, boxes)), [definition, boxes]);
  const marks = useMemo(() => runMarks(definition, { status, nodes }), [definition, status, nodes]);
  const edges = useMemo(() => traveled(flow, definition, nodes, triggerId), [flow, definition, nodes, triggerId]);
  const chosen = node === undefined ? undefined : drawnPlace(definition, node);
  const drawn = useMemo(
    () => flow.nodes.map((one) => (one.id === chosen ? { ...one, selected: true } : one)),
    [flow, chosen],
  );
  const places = useMemo(() => flow.nodes.flatMap(({ id, focusable }) => (focusable === false ? [] : [id])), [flow]);
  // A body that was never entered has no address; its place is shown as it stands in the document.
  const open = (place: string) => choose(addressAt(definition, nodes, place) ?? place);
  const change = (changes: NodeChange<FlowNode>[]) => {
    for (const one of changes) {
      if (one.type === 'select' && one.selected && one.id !== chosen) open(one.id);
    }
  };
  return (
    <MarksProvider value={marks}>
      <Canvas
        fixed
        map={drawn.length >= WITH_MAP}
        fitViewOptions={
          flow.nodes.length < WITH_MAP ? FIT : { ...NEAR, nodes: [{ id: chosen ?? beginning(marks, flow) }] }
        }
        nodes={drawn}
        edges={edges}
        onNodesChange={change}
        onPaneClick={() => choose(undefined)}
        disableKeyboardA11y
        aria-label="Graph of the execution"
        aria-description="Arrows go from node to node, Enter opens one."
      >
        <Controls showInteractive={false} position="top-left" />
        <InSight place={chosen} boxes={boxes} places={places} open={open} />
      </Canvas>
    </MarksProvider>
  );
}

interface InSightProps {
  readonly place: string | undefined;
  readonly boxes: Layout;
  readonly places: readonly string[];
  readonly open: (place: string) => void;
}

/** The panel of a node takes room away from the canvas, and must not take that node. */
function InSight({ place, boxes, places, open }: InSightProps) {
  useInSight(place, boxes);
  useWalk(places, boxes, open);
  return null;
}

/** A smaller graph is seen whole. */
const WITH_MAP = 40;
const FIT = { padding: 0.06, maxZoom: 1 };
const NEAR = { padding: 0.06, maxZoom: 0.8 };

/** Where eyes should be first: on what failed or goes on, else at the start. */
function beginning(marks: Marks, flow: Flow): string {
  const urgent = (tone: Tone) => [...marks].find(([, mark]) => mark.tone === tone)?.[0];
  return urgent('bad') ?? urgent('info') ?? urgent('warn') ?? flow.nodes[0]?.id ?? '';
}

const TAKEN = { stroke: 'var(--accent)', strokeWidth: 2 };
const UNTAKEN = { opacity: 0.5 };

/** A trigger has nothing to open: what it gave stands under Input & output. */
function withFixedTriggers({ nodes, edges }: Flow): Flow {
  const fixed = { selectable: false, focusable: false };
  return { edges, nodes: nodes.map((one) => (one.type === 'trigger' ? { ...one, ...fixed } : one)) };
}

/** Edges by which some node has left, against those that nothing came along. */
function traveled(
  flow: Flow,
  definition: Definition,
  nodes: readonly ExecutionNode[],
  triggerId: string,
): Flow['edges'] {
  const left = new Set([`${triggerPlace(triggerId)}:out`]);
  const busy = new Set<string>();
  const begun = new Set<string>();
  for (const { path, port, status } of nodes) {
    const place = placeOfAddress(definition, path);
    if (port !== null) left.add(`${place}:${port}`);
    if (place === undefined || status === 'pending' || status === 'skipped') continue;
    begun.add(place);
    if (status === 'running') busy.add(place);
  }
  return flow.edges.map((edge) => {
    const isTaken = edge.data?.isUndo ? begun.has(edge.target) : left.has(`${edge.source}:${edge.sourceHandle}`);
    return { ...edge, style: isTaken ? TAKEN : UNTAKEN, animated: isTaken && busy.has(edge.target) };
  });
}
