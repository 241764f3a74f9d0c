/** The canvas that the editor, the page of an execution and the comparison of versions draw on. */
import {
  Background,
  BackgroundVariant,
  type Edge,
  MarkerType,
  MiniMap,
  ReactFlow,
  type ReactFlowProps,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import './canvas.css';
import { useThemeNow } from '../components/theme.ts';
import { Branch, Card, Frame } from './card.tsx';
import { ArrowEdge } from './edge.tsx';
import type { FlowNode } from './flow.ts';
import { TriggerCard } from './trigger-card.tsx';

const NODE_TYPES = { card: Card, frame: Frame, branch: Branch, trigger: TriggerCard };
const EDGE_TYPES = { arrow: ArrowEdge };
/** Its head has the color of the edge, whatever that is at the moment. */
const ARROW = { type: MarkerType.ArrowClosed, width: 14, height: 14, color: 'context-stroke' };
const EDGE_OPTIONS = { type: 'arrow', markerEnd: ARROW };
const SNAP: [number, number] = [8, 8];

interface CanvasProps extends ReactFlowProps<FlowNode, Edge> {
  /** Only looked at: nothing can be moved or joined. */
  readonly fixed?: boolean;
  readonly map?: boolean;
}

const FIT = { padding: 0.15, maxZoom: 1 };

export function Canvas({ fixed = false, map = true, fitViewOptions = FIT, children, ...rest }: CanvasProps) {
  const colorMode = useThemeNow();
  return (
    <ReactFlow<FlowNode, Edge>
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      defaultEdgeOptions={EDGE_OPTIONS}
      colorMode={colorMode}
      fitView
      fitViewOptions={fitViewOptions}
      // Before the canvas knows its size it fits nothing, and would do it at the first change instead.
      onInit={(canvas) => void canvas.fitView(fitViewOptions)}
      minZoom={0.05}
      maxZoom={2}
      snapToGrid={!fixed}
      snapGrid={SNAP}
      // What is out of sight is not in the page: a graph of 1,000 nodes stays smooth.
      onlyRenderVisibleElements
      nodesDraggable={!fixed}
      nodesConnectable={!fixed}
      edgesFocusable={!fixed}
      elementsSelectable
      deleteKeyCode={null}
      proOptions={{ hideAttribution: true }}
      {...rest}
    >
      <Background variant={BackgroundVariant.Dots} gap={16} size={1} />
      {map && <MiniMap pannable zoomable ariaLabel="Map of the graph" className="max-md:hidden!" />}
      {children}
    </ReactFlow>
  );
}
