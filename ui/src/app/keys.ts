/** Keys that work on every page: ⌘K or Ctrl-K for the palette, `g` and a letter for a page, `/` for its search. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { NAV } from './nav.ts';

const CHORD_MS = 1_200;

export function useGoKeys(openPalette: () => void): void {
  const navigate = useNavigate();
  const open = useRef(openPalette);
  open.current = openPalette;
  useEffect(() => {
    // Not 0: the clock of events begins with the page, and a letter pressed at once would count as the second of two.
    let since = Number.NEGATIVE_INFINITY;
    const press = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return open.current();
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      if (event.key === 'g') {
        since = event.timeStamp;
        return;
      }
      if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('[data-search]');
        if (search === null) return;
        event.preventDefault();
        return search.focus();
      }
      const page = event.timeStamp - since < CHORD_MS ? NAV.find(({ key }) => key === event.key) : undefined;
      since = Number.NEGATIVE_INFINITY;
      if (page === undefined) return;
      event.preventDefault();
      void navigate({ to: page.to });
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [navigate]);
}

/** The key belongs to a field or an editor, or a dialog is open. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, [role="dialog"]') !== null;
}
