/** The keys of the inbox: j and k or arrows move, y approves, n rejects, Escape goes back to the list. */
import { useEffect, useRef } from 'react';

export interface InboxKeys {
  readonly move: (step: 1 | -1) => void;
  readonly decide: (decision: 'approved' | 'rejected') => void;
  readonly back: () => void;
}

const STEPS: Readonly<Record<string, 1 | -1>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const DECISIONS: Readonly<Record<string, 'approved' | 'rejected'>> = { y: 'approved', n: 'rejected' };
/** Fields, dialogs and menus keep their keys. */
const OWN_KEYS = 'input, textarea, select, [role="dialog"], [role="menu"], [contenteditable="true"]';

export function useInboxKeys(keys: InboxKeys): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (target.closest(OWN_KEYS) || document.querySelector('[role="dialog"]')) return;
      const step = STEPS[event.key];
      if (step !== undefined) {
        // Arrows scroll what is chosen while the focus is in it.
        if (event.key.startsWith('Arrow') && target.closest('[data-approval-view]')) return;
        event.preventDefault();
        return now.current.move(step);
      }
      // A key that is held down decides once, not one after the other.
      if (event.repeat) return;
      const decision = DECISIONS[event.key];
      if (decision !== undefined) {
        // Where something is missing the focus goes to its field: the letter must not land in there.
        event.preventDefault();
        now.current.decide(decision);
      } else if (event.key === 'Escape') now.current.back();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
