/** Keys that work on every page: ⌘K or Ctrl-K for the palette, `g` and a letter for a page, `/` for its search. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { goChord } from '../components/chord.ts';
import { NAV } from './nav.ts';

export function useGoKeys(openPalette: () => void): void {
  const navigate = useNavigate();
  const open = useRef(openPalette);
  open.current = openPalette;
  useEffect(() => {
    const chord = goChord();
    const press = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return open.current();
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const isSecond = chord(event);
      if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('[data-search]');
        if (search === null) return;
        event.preventDefault();
        return search.focus();
      }
      const page = isSecond ? NAV.find(({ key }) => key === event.key) : undefined;
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
