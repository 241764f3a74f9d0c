/** Where the nodes of a document stand; undefined while a large one is laid out. */
import { useEffect, useState } from 'react';
import type { GraphDefinition } from './document.ts';
import { type Layout, layoutOf } from './layout.ts';

/** Fewer are laid out at once, within some milliseconds. */
const LARGE = 100;

/** A document never changes, so neither does its layout. */
const known = new WeakMap<GraphDefinition, Layout>();

export function useLayout(definition: GraphDefinition): Layout | undefined {
  const [, redraw] = useState(0);
  if (!known.has(definition) && sizeOf(definition) < LARGE) known.set(definition, layoutOf(definition));
  useEffect(() => {
    if (known.has(definition)) return;
    const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
    const take = (layout: Layout) => {
      known.set(definition, layout);
      redraw((count) => count + 1);
    };
    worker.onmessage = ({ data }: MessageEvent<Layout>) => take(data);
    worker.onerror = () => take(layoutOf(definition));
    worker.postMessage(definition);
    return () => worker.terminate();
  }, [definition]);
  return known.get(definition);
}

/** Nodes of bodies count too; a rough number will do. */
const sizeOf = ({ nodes }: GraphDefinition): number =>
  nodes.reduce((sum, { config }) => sum + (config?.body || config?.branches ? LARGE / 10 : 1), 0);
