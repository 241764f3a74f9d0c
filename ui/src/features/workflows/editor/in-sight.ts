/** The node that is open or was just added stays in sight when panels take room away, and nothing jumps meanwhile. */
import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { cornerOf, type Layout } from '../../../graph/layout.ts';

const MARGIN = 24;

export function useInSight(place: string | undefined, boxes: Layout, shift: number): void {
  const flow = useReactFlow();
  const store = useStoreApi();
  const shifted = useRef(shift);
  useLayoutEffect(() => {
    const by = shifted.current - shift;
    shifted.current = shift;
    if (by === 0) return;
    const { x, y, zoom } = flow.getViewport();
    void flow.setViewport({ x: x + by, y, zoom });
  }, [shift, flow]);
  const latest = useRef(boxes);
  latest.current = boxes;
  const room = useStore(({ width }) => width);
  // Again when the panel becomes wider, as with its data beside it.
  useEffect(() => {
    if (place === undefined || room === 0) return;
    // The canvas hears of its new width a moment later.
    const timer = setTimeout(() => {
      const box = latest.current.get(place);
      if (box === undefined) return;
      const corner = cornerOf(latest.current, place);
      const { width, height } = store.getState();
      const { x, y, zoom } = flow.getViewport();
      const by = {
        x: into(corner.x * zoom + x, Math.min(box.width * zoom, width - 2 * MARGIN), width),
        y: into(corner.y * zoom + y, Math.min(box.height * zoom, height - 2 * MARGIN), height),
      };
      if (by.x !== 0 || by.y !== 0) void flow.setViewport({ x: x + by.x, y: y + by.y, zoom }, { duration: 150 });
    }, 60);
    return () => clearTimeout(timer);
  }, [place, room, flow, store]);
}

/** How far something has to go to be within `0..room`. */
function into(from: number, size: number, room: number): number {
  if (from < MARGIN) return MARGIN - from;
  return Math.min(0, room - MARGIN - from - size);
}
