/**
 * The node that is open or was just added stays in sight when panels take room away, and nothing jumps meanwhile. `shift`
 * is how far the canvas begins from the left.
 */
import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { cornerOf, type Layout } from './layout.ts';

const MARGIN = 24;

export function useInSight(place: string | undefined, boxes: Layout, shift = 0): void {
  const flow = useReactFlow();
  const show = useShow(boxes);
  const size = useStore(({ width, height }) => `${width} ${height}`);
  const shifted = useRef(shift);
  useLayoutEffect(() => {
    const by = shifted.current - shift;
    shifted.current = shift;
    if (by === 0) return;
    const { x, y, zoom } = flow.getViewport();
    void flow.setViewport({ x: x + by, y, zoom });
  }, [shift, flow]);
  useEffect(() => {
    if (place === undefined) return;
    // The canvas hears of its new size a moment later, and that again is looked at.
    const timer = setTimeout(() => show(place, { duration: 150 }), 60);
    return () => clearTimeout(timer);
  }, [place, size, show]);
}

/** Moves the canvas as far as it takes to see a node, if it has to. */
export function useShow(boxes: Layout): (place: string, how?: { readonly duration?: number }) => void {
  const flow = useReactFlow();
  const store = useStoreApi();
  const latest = useRef(boxes);
  latest.current = boxes;
  return useCallback(
    (place, how) => {
      const box = latest.current.get(place);
      if (box === undefined) return;
      const corner = cornerOf(latest.current, place);
      const { width, height } = store.getState();
      const { x, y, zoom } = flow.getViewport();
      const by = {
        x: into(corner.x * zoom + x, Math.min(box.width * zoom, width - 2 * MARGIN), width),
        y: into(corner.y * zoom + y, Math.min(box.height * zoom, height - 2 * MARGIN), height),
      };
      if (by.x !== 0 || by.y !== 0) void flow.setViewport({ x: x + by.x, y: y + by.y, zoom }, how);
    },
    [flow, store],
  );
}

/** How far something has to go to be within `0..room`. */
function into(from: number, size: number, room: number): number {
  if (from < MARGIN) return MARGIN - from;
  return Math.min(0, room - MARGIN - from - size);
}
