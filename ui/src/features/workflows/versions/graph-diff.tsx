/** Both versions as one drawing: what came is green, what went red and faint, what changed amber. */
import { type Edge, useReactFlow } from '@xyflow/react';
import { useEffect, useMemo } from 'react';
import { Canvas } from '../../../graph/canvas.tsx';
import type { Definition } from '../../../graph/document.ts';
import { flowOf } from '../../../graph/flow.ts';
import { layoutOf } from '../../../graph/layout.ts';
import { MarksProvider } from '../../../graph/marks.ts';
import type { Change } from './definition-diff.ts';
import { marksOf, unionOf } from './union.ts';

interface GraphDiffProps {
  readonly before: Definition;
  readonly after: Definition;
  readonly changes: readonly Change[];
  /** Brought into view. */
  readonly place: string | undefined;
}

const edgeIds = (definition: Definition): ReadonlySet<string> =>
  new Set(flowOf(definition, new Map()).edges.map(({ id }) => id));

export function GraphDiff({ before, after, changes, place }: GraphDiffProps) {
  const flow = useMemo(() => {
    const union = unionOf(before, after);
    // Where nodes are gone their old places may be taken by others.
    const fresh = changes.some(({ what, kind }) => what === 'node' && kind === 'removed');
    const drawing = flowOf(union, layoutOf(union, { fresh }));
    const [old, now] = [edgeIds(before), edgeIds(after)];
    return { ...drawing, edges: drawing.edges.map((edge) => tinted(edge, old.has(edge.id), now.has(edge.id))) };
  }, [before, after, changes]);
  const marks = useMemo(() => marksOf(changes), [changes]);
  return (
    <MarksProvider value={marks}>
      <Canvas key={flow.nodes.map(({ id }) => id).join()} nodes={flow.nodes} edges={flow.edges} fixed map={false}>
        <Show place={place} />
      </Canvas>
    </MarksProvider>
  );
}

function tinted(edge: Edge, wasThere: boolean, isThere: boolean): Edge {
  if (wasThere === isThere) return edge;
  const style = isThere ? { stroke: 'var(--ok)', strokeWidth: 2 } : { stroke: 'var(--bad)', strokeDasharray: '5 4' };
  return { ...edge, style };
}

function Show({ place }: { readonly place: string | undefined }) {
  const { fitView } = useReactFlow();
  useEffect(() => {
    if (place !== undefined) void fitView({ nodes: [{ id: place }], maxZoom: 1, duration: 250, padding: 0.8 });
  }, [place, fitView]);
  return null;
}
