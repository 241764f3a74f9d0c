/** Keys of the editor as a whole, whichever view is shown. */
import { useEffect, useRef } from 'react';
import { isCovered, isTypedInto, type Shortcut, shortcutOf } from '../../../components/shortcuts.ts';

interface EditorKeys {
  readonly save: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly list: () => void;
}

interface EditorShortcut extends Shortcut<EditorKeys> {
  /** Also while one types. A field, and the text of a view, undo their own typing. */
  readonly always?: true;
}

export const EDITOR_SHORTCUTS: readonly EditorShortcut[] = [
  // Held down it is pressed once.
  { keys: ['Ctrl S'], does: 'Save', always: true, run: ({ save }, { repeat }) => (repeat ? undefined : save()) },
  { keys: ['Ctrl Z'], does: 'Undo', run: ({ undo }) => undo() },
  { keys: ['Shift Ctrl Z', 'Ctrl Y'], does: 'Redo', run: ({ redo }) => redo() },
  { keys: ['?'], does: 'This list', run: ({ list }) => !isCovered() && list() },
];

export function useEditorKeys(given: EditorKeys): void {
  const latest = useRef(given);
  latest.current = given;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const pressed = shortcutOf(EDITOR_SHORTCUTS, event);
      if (pressed === undefined || (!pressed.always && isTypedInto(event.target))) return;
      if (pressed.run(latest.current, event) !== false) event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

/** The browser asks before a window is closed whose changes are nowhere but here. */
export function useLeaveGuard(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);
}
