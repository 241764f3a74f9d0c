/** Which part of the time is seen: by drag, by wheel (with Ctrl, or over the axis), by keys. */
import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { moved, type Stretch, within, zoomed } from './axis.ts';

/** A shorter drag is a click. */
const DRAG_PX = 6;
const ZOOM = 1.5;

export interface Sight {
  readonly seen: Stretch;
  readonly isWhole: boolean;
  /** From and to as parts of the width, while one is dragging. */
  readonly marked: readonly [number, number] | null;
  readonly fit: () => void;
  readonly zoom: (direction: 1 | -1, at?: number) => void;
  readonly pan: (part: number) => void;
  readonly drag: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onPointerCancel: () => void;
  };
}

/** `chart` is as wide as the axis; wheels are heard on `box`. */
export function useStretch(
  whole: Stretch,
  box: RefObject<HTMLElement | null>,
  chart: RefObject<HTMLElement | null>,
): Sight {
  const [chosen, choose] = useState<Stretch | null>(null);
  const [marked, setMarked] = useState<readonly [number, number] | null>(null);
  const start = useRef<{ at: number; x: number } | null>(null);
  const seen = chosen === null ? whole : within(chosen, whole);
  const set = (next: Stretch) => choose(next.from === whole.from && next.to === whole.to ? null : next);
  const partOf = (x: number) => {
    const area = chart.current?.getBoundingClientRect();
    return area === undefined || area.width === 0 ? 0 : Math.min(1, Math.max(0, (x - area.left) / area.width));
  };
  const zoom = (direction: 1 | -1, at = 0.5) => set(zoomed(seen, whole, direction > 0 ? 1 / ZOOM : ZOOM, at));
  const pan = (part: number) => set(moved(seen, whole, part));
  const wheel = useRef<(event: WheelEvent) => void>(() => undefined);
  wheel.current = (event) => {
    const isOverAxis = event.target instanceof Node && (chart.current?.contains(event.target) ?? false);
    if (event.ctrlKey || event.metaKey || (isOverAxis && event.deltaY !== 0)) {
      event.preventDefault();
      set(zoomed(seen, whole, 1.0015 ** event.deltaY, partOf(event.clientX)));
    } else if (chosen !== null && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
      event.preventDefault();
      pan((event.deltaX || event.deltaY) / 1_000);
    }
  };
  useEffect(() => {
    const element = box.current;
    const hear = (event: WheelEvent) => wheel.current(event);
    // Not passive: the browser would zoom the whole page.
    element?.addEventListener('wheel', hear, { passive: false });
    return () => element?.removeEventListener('wheel', hear);
  }, [box]);
  return {
    seen,
    isWhole: chosen === null,
    marked,
    fit: () => choose(null),
    zoom,
    pan,
    drag: {
      onPointerDown: (event) => {
        if (event.button !== 0 || event.pointerType === 'touch') return;
        start.current = { at: partOf(event.clientX), x: event.clientX };
      },
      onPointerMove: (event) => {
        if (start.current === null || Math.abs(event.clientX - start.current.x) < DRAG_PX) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = partOf(event.clientX);
        setMarked([Math.min(start.current.at, at), Math.max(start.current.at, at)]);
      },
      onPointerUp: () => {
        start.current = null;
        if (marked === null) return;
        const length = seen.to - seen.from;
        set(within({ from: seen.from + length * marked[0], to: seen.from + length * marked[1] }, whole));
        setMarked(null);
      },
      onPointerCancel: () => {
        start.current = null;
        setMarked(null);
      },
    },
  };
}
