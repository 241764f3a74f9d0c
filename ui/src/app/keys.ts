/** Keys that work on every page: ⌘K or Ctrl-K for the palette, `g` and a letter for a page, `/` for its search. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { goChord } from '../components/chord.ts';
import { isTypedInto, type Shortcut, shortcutOf } from '../components/shortcuts.ts';
import { NAV, useNav } from './nav.ts';

interface Ways {
  readonly openPalette: () => void;
  readonly go: (to: string) => void;
}

interface PageShortcut extends Shortcut<Ways> {
  /** Also while one types. */
  readonly always?: true;
}

const DIRECT: readonly PageShortcut[] = [
  { keys: ['Ctrl K'], does: 'Everything by name', always: true, run: ({ openPalette }) => openPalette() },
  { keys: ['/'], does: 'To the search of the page', run: focusSearch },
];
/** By the second key, after `g`. */
const AFTER_G: readonly PageShortcut[] = NAV.map(({ key, label, to }) => ({
  keys: [key],
  does: label,
  run: ({ go }) => go(to),
}));

export const PAGE_SHORTCUTS = [
  ...DIRECT,
  ...AFTER_G.map((one) => ({ ...one, keys: one.keys.map((key) => `g then ${key}`) })),
];

export function useGoKeys(openPalette: () => void): void {
  const navigate = useNavigate();
  const nav = useNav();
  const latest = useRef<Ways>(undefined);
  latest.current = { openPalette, go: (to) => nav.some((entry) => entry.to === to) && void navigate({ to }) };
  useEffect(() => {
    const chord = goChord();
    const press = (event: KeyboardEvent) => {
      const isHeld = event.metaKey || event.ctrlKey || event.altKey;
      const typing = isTyping(event.target);
      const isSecond = !isHeld && !typing && chord(event);
      const pressed = shortcutOf(isSecond ? [...DIRECT, ...AFTER_G] : DIRECT, event);
      if (pressed === undefined || (typing && !pressed.always)) return;
      if (pressed.run(latest.current as Ways, event) !== false) event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

/** False where the page has none. */
function focusSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>('[data-search]');
  search?.focus();
  return search !== null;
}

/** The key belongs to a field or an editor, or a dialog is open. */
function isTyping(target: EventTarget | null): boolean {
  return isTypedInto(target) || (target instanceof HTMLElement && target.closest('[role="dialog"]') !== null);
}
