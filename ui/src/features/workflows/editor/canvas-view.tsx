/** The draft on the canvas: moving, joining, dropping, choosing. */
import {
  applyNodeChanges,
  Controls,
  type OnConnectEnd,
  type OnNodeDrag,
  SelectionMode,
  useReactFlow,
} from '@xyflow/react';
import { useMemo, useRef, useState } from 'react';
import { toast } from '../../../components/toast.tsx';
import { Canvas } from '../../../graph/canvas.tsx';
import { InsertProvider } from '../../../graph/edge.tsx';
import type { FlowNode } from '../../../graph/flow.ts';
import { useInSight } from '../../../graph/in-sight.ts';
import { cornerOf, originOf } from '../../../graph/layout.ts';
import { MarksProvider } from '../../../graph/marks.ts';
import { TriggerUrls } from '../../../graph/trigger-card.tsx';
import { useCanvasKeys } from './canvas-keys.ts';
import { useDrawing } from './canvas-nodes.ts';
import type { CanvasViewProps } from './canvas-props.ts';
import type { Entry } from './catalog.ts';
import { edgeEnds } from './commands.ts';
import { unreadOf } from './draft.ts';
import type { Where } from './edit/add.ts';
import { whyNot } from './edit/edges.ts';
import { moveNodes, type Spot } from './edit/move.ts';
import { rehouse, scopeAt, spotAt } from './edit/rehouse.ts';
import { splitPlace } from './edit/scopes.ts';
import { DRAG_TYPE } from './node-list.tsx';

const NONE: readonly string[] = [];

export function CanvasView(props: CanvasViewProps) {
  const { draft, commands, catalog, marks, urls, selection, select, open, pick, menu } = props;
  const { definition } = draft;
  const isLocked = unreadOf(draft.texts) !== undefined;
  const [edgeSelection, setEdgeSelection] = useState<readonly string[]>(NONE);
  const { nodes, edges, boxes, setNodes } = useDrawing(definition, selection, edgeSelection);
  const flow = useReactFlow<FlowNode>();
  const pointer = useRef<Spot>(undefined);
  const [target, setTarget] = useState('');
  const where = (at: Spot, port?: { after: string; port: string }): Where => {
    const scope = port ? splitPlace(port.after).scope : scopeAt(definition, boxes, at);
    const spot = spotAt(boxes, scope, at);
    return { scope, spot: { x: spot.x, y: spot.y - 26 }, ...port };
  };
  useInSight(props.opened, boxes, props.shift);
  useCanvasKeys({ ...props, boxes, edgeSelection, pointer: () => pointer.current });

  /** Corner of a dragged node in the whole drawing. */
  const cornerNow = (node: FlowNode): Spot => {
    const around = cornerOf(boxes, node.parentId ?? '');
    return { x: around.x + node.position.x, y: around.y + node.position.y };
  };
  const scopeUnder = (node: FlowNode, moved: readonly FlowNode[]): string => {
    const corner = cornerNow(node);
    const middle = { x: corner.x + (node.width ?? 0) / 2, y: corner.y + (node.height ?? 0) / 2 };
    const places = moved.map(({ id }) => id);
    return scopeAt(definition, boxes, middle, places);
  };
  const drag: OnNodeDrag<FlowNode> = (_, node, moved) => {
    if (node.type === 'trigger') return;
    const scope = scopeUnder(node, moved);
    setTarget(scope === splitPlace(node.id).scope ? '' : scope);
  };
  /** A trigger belongs to the document as a whole, wherever it stands. */
  const drop: OnNodeDrag<FlowNode> = (_, node, all) => {
    setTarget('');
    const moved = node.type === 'trigger' ? all : all.filter(({ type }) => type !== 'trigger');
    const scope = node.type === 'trigger' ? '' : scopeUnder(node, moved);
    const places = moved.map(({ id }) => id);
    if (scope === splitPlace(node.id).scope) {
      const spots = all.map(({ id, position }) => {
        const origin = originOf(splitPlace(id).scope);
        return [id, { x: position.x - origin.x, y: position.y - origin.y }] as const;
      });
      return draft.edit(moveNodes(definition, new Map(spots)));
    }
    const corners = moved.map(cornerNow);
    const corner = { x: Math.min(...corners.map(({ x }) => x)), y: Math.min(...corners.map(({ y }) => y)) };
    const spot = spotAt(boxes, scope, corner);
    const at = scope === '' ? spot : { x: Math.max(0, spot.x), y: Math.max(0, spot.y) };
    const done = rehouse(definition, places, scope, at);
    // Where it cannot be put in, it goes back to where it was.
    if (done.places.length === 0) return setNodes((now) => [...now]);
    draft.edit(done.definition);
    select(done.places);
  };
  const connectEnd: OnConnectEnd = (event, { isValid, fromNode, fromHandle, toNode }) => {
    if (isValid || !fromNode || fromHandle?.type !== 'source') return;
    if (toNode) {
      const why = whyNot(definition, fromNode.id, toNode.id);
      if (why !== undefined && toNode.id !== fromNode.id) toast({ tone: 'warn', title: why });
      return;
    }
    const { clientX, clientY } = 'changedTouches' in event ? (event.changedTouches[0] as Touch) : event;
    const at = flow.screenToFlowPosition({ x: clientX, y: clientY });
    pick(where(at, { after: fromNode.id, port: fromHandle.id ?? 'out' }));
  };
  const insert = useMemo(
    () => (edge: string) => {
      const ends = edgeEnds(edge);
      if (ends === undefined) return;
      const { source, port, target: before } = ends;
      pick({ scope: splitPlace(source).scope, after: source, port, before });
    },
    [pick],
  );
  const dropType = (event: React.DragEvent) => {
    const text = event.dataTransfer.getData(DRAG_TYPE);
    if (text === '') return;
    event.preventDefault();
    const { kind, type } = JSON.parse(text) as { kind: string; type: string };
    const found = kind === 'node' ? catalog.nodeTypes.get(type) : catalog.triggerTypes.get(type);
    if (found === undefined) return;
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const edge = (event.target as Element).closest('.react-flow__edge')?.getAttribute('data-id');
    const ends = edge ? edgeEnds(edge) : undefined;
    const entry = { kind, type: found } as Entry;
    const spot = { x: at.x - 104, y: at.y };
    if (kind === 'trigger') return commands.add(entry, { scope: '', spot: { x: spot.x, y: spot.y - 26 } });
    if (ends === undefined) return commands.add(entry, where(spot));
    const scope = splitPlace(ends.source).scope;
    commands.add(entry, { ...where(spot), scope, after: ends.source, port: ends.port, before: ends.target });
  };
  return (
    <MarksProvider value={marks}>
      <TriggerUrls value={urls}>
        <InsertProvider value={insert}>
          <Canvas
            nodes={
              target === ''
                ? nodes
                : nodes.map((one) => (one.id === target ? { ...one, className: 'drop-target' } : one))
            }
            edges={edges}
            onNodesChange={(changes) => {
              const chosen = new Set(selection);
              for (const change of changes) {
                if (change.type !== 'select') continue;
                if (change.selected) chosen.add(change.id);
                else chosen.delete(change.id);
              }
              if (changes.some(({ type }) => type === 'select')) select([...chosen]);
              const others = changes.filter(({ type }) => type === 'position' || type === 'dimensions');
              if (others.length > 0) setNodes((now) => applyNodeChanges(others, now));
            }}
            onEdgesChange={(changes) => {
              const chosen = new Set(edgeSelection);
              for (const change of changes) {
                if (change.type !== 'select') continue;
                if (change.selected) chosen.add(change.id);
                else chosen.delete(change.id);
              }
              setEdgeSelection([...chosen]);
            }}
            isValidConnection={({ source, target: to }) => whyNot(definition, source, to) === undefined}
            onConnect={({ source, sourceHandle, target: to }) => commands.connect(source, sourceHandle ?? 'out', to)}
            onConnectEnd={connectEnd}
            onNodeDrag={drag}
            onNodeDragStop={drop}
            onNodeClick={(event, { id, type }) => {
              if (event.shiftKey || event.metaKey || event.ctrlKey || type === 'branch') return;
              const handle = (event.target as Element).closest('.react-flow__handle.source');
              const port = handle?.getAttribute('data-handleid');
              if (handle && port && type !== 'trigger') {
                return pick({ scope: splitPlace(id).scope, after: id, port });
              }
              open(id);
            }}
            onNodeContextMenu={(event, { id, type }) => {
              if (type === 'branch') return;
              event.preventDefault();
              menu(id, { x: event.clientX, y: event.clientY });
            }}
            onPaneClick={() => open(undefined)}
            onPaneMouseMove={(event) => {
              pointer.current = { x: event.clientX, y: event.clientY };
            }}
            onDragOver={(event) => {
              if (!event.dataTransfer.types.includes(DRAG_TYPE)) return;
              event.preventDefault();
              event.dataTransfer.dropEffect = 'copy';
            }}
            onDrop={dropType}
            nodesDraggable={!isLocked}
            nodesConnectable={!isLocked}
            connectOnClick={false}
            connectionRadius={28}
            selectionOnDrag
            selectionMode={SelectionMode.Partial}
            selectionKeyCode={null}
            multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
            panOnDrag={[1]}
            panOnScroll
            panActivationKeyCode={null}
            disableKeyboardA11y
            edgesFocusable={false}
            nodeDragThreshold={4}
          >
            <Controls
              showInteractive={false}
              position="bottom-left"
              fitViewOptions={{ padding: 0.15, maxZoom: 1, duration: 200 }}
            />
          </Canvas>
        </InsertProvider>
      </TriggerUrls>
    </MarksProvider>
  );
}
