/** Hears the keys of the canvas. They sleep while one types, or while something stands over the page. */
import { useReactFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { goChord } from '../../../components/chord.ts';
import { isCovered, isTypedInto, shortcutOf } from '../../../components/shortcuts.ts';
import { CANVAS_SHORTCUTS, type CanvasContext, CLIPBOARD_SHORTCUTS } from './canvas-shortcuts.ts';

/** A button or a tab does something of its own by these. */
const OF_CONTROLS: ReadonlySet<string> = new Set([
  ' ',
  'Enter',
  'Tab',
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
]);

export function useCanvasKeys(given: Omit<CanvasContext, 'flow'>): void {
  const flow = useReactFlow();
  const latest = useRef<CanvasContext>(undefined);
  latest.current = { ...given, flow };
  useEffect(() => {
    const chord = goChord();
    const press = (event: KeyboardEvent) => {
      const { key, target } = event;
      // Escape that has closed something over the page is gone already when nothing covers it any more.
      if (isElsewhere(target) || (key === 'Escape' && event.defaultPrevented)) return;
      const isHeld = event.ctrlKey || event.metaKey || event.altKey;
      const isSecond = !isHeld && chord(event);
      const pressed = shortcutOf(CANVAS_SHORTCUTS, event);
      if (pressed === undefined || isSecond || (OF_CONTROLS.has(key) && isOnControl(target))) return;
      if (pressed.run(latest.current as CanvasContext, event) !== false) event.preventDefault();
    };
    const clip = (event: ClipboardEvent) => {
      if (isElsewhere(event.target)) return;
      const meant = CLIPBOARD_SHORTCUTS.find((one) => one.event === event.type);
      meant?.run(latest.current as CanvasContext, event);
    };
    window.addEventListener('keydown', press);
    for (const { event } of CLIPBOARD_SHORTCUTS) document.addEventListener(event, clip);
    return () => {
      window.removeEventListener('keydown', press);
      for (const { event } of CLIPBOARD_SHORTCUTS) document.removeEventListener(event, clip);
    };
  }, [flow]);
}

const isOnControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a, [role="tab"]') !== null;

const isElsewhere = (target: EventTarget | null): boolean =>
  isCovered() || isTypedInto(target) || (target instanceof HTMLElement && target.closest('aside') !== null);
