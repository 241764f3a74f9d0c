/**
 * The focus of whoever works by keyboard: it goes into the panel of a node that is opened, and back to where it was when
 * that is closed. Whoever clicks keeps it where it was.
 */
import { type RefObject, useLayoutEffect, useRef } from 'react';

export function usePanelFocus(path: string): RefObject<HTMLElement | null> {
  const panel = useRef<HTMLElement>(null);
  const opener = useRef<Element>(null);
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    const { activeElement } = document;
    const wasFirst = isFirst.current;
    isFirst.current = false;
    if (activeElement === null || (panel.current?.contains(activeElement) && !activeElement.matches(':disabled')))
      return;
    // What was pressed inside of it has gone with the node before, or can be pressed no more.
    if (activeElement === document.body || activeElement.matches(':disabled'))
      return wasFirst ? undefined : panel.current?.focus();
    opener.current = activeElement;
    if (activeElement.matches(':focus-visible')) panel.current?.focus();
  }, [path]);
  useLayoutEffect(() => {
    const element = panel.current;
    return () => {
      const { current } = opener;
      if (!element?.contains(document.activeElement) || !(current instanceof HTMLElement)) return;
      queueMicrotask(() => current.isConnected && current.focus({ preventScroll: true }));
    };
  }, []);
  return panel;
}
