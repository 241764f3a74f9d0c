/** A canvas that is only looked at, by keys: arrows go from node to node, Enter opens one. */
import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { useShow } from './in-sight.ts';
import type { Layout } from './layout.ts';
import { toward } from './toward.ts';

const NODE = '.react-flow__node';

/** `places` are those that can be opened. The canvas must leave its own keys out (`disableKeyboardA11y`). */
export function useWalk(places: readonly string[], boxes: Layout, open: (place: string) => void): void {
  const store = useStoreApi();
  const show = useShow(boxes);
  const latest = useRef({ places, boxes, open });
  latest.current = { places, boxes, open };
  useEffect(() => {
    const { domNode } = store.getState();
    const press = (event: KeyboardEvent) => {
      const place = placeOf(event.target);
      if (place === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      const now = latest.current;
      const next = toward(now.boxes, now.places, place, event.key);
      if (next !== undefined) {
        show(next);
        // What was out of sight is drawn by then.
        requestAnimationFrame(() =>
          domNode?.querySelector<HTMLElement>(`${NODE}[data-id="${CSS.escape(next)}"]`)?.focus({ preventScroll: true }),
        );
      } else if (event.key === 'Enter' || event.key === ' ') now.open(place);
      else return;
      event.preventDefault();
    };
    const come = ({ target }: FocusEvent) => {
      const place = placeOf(target);
      if (place !== undefined && (target as HTMLElement).matches(':focus-visible')) show(place);
    };
    domNode?.addEventListener('keydown', press);
    domNode?.addEventListener('focusin', come);
    return () => {
      domNode?.removeEventListener('keydown', press);
      domNode?.removeEventListener('focusin', come);
    };
  }, [store, show]);
}

const placeOf = (target: EventTarget | null): string | undefined =>
  target instanceof HTMLElement && target.matches(NODE) ? target.dataset.id : undefined;
