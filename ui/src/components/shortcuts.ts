/** Keys and what they do: each is written down once, and from there it is heard and listed. */

export interface Keys {
  /** Any of them, such as `a`, `Delete` or `Shift Ctrl Z`. Ctrl is also ⌘; Shift counts only together with it. */
  readonly keys: readonly string[];
  readonly does: string;
}

export interface Shortcut<C> extends Keys {
  /** False: it was not meant, and the browser does what it does. */
  readonly run: (context: C, event: KeyboardEvent) => unknown;
}

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

export const shortcutOf = <K extends Keys>(all: readonly K[], press: Press): K | undefined =>
  all.find(({ keys }) => keys.some((one) => isPressed(one, press)));

const nameOf = (key: string): string => (key === ' ' ? 'space' : key.toLowerCase());

function isPressed(keys: string, { key, ctrlKey, metaKey, shiftKey, altKey }: Press): boolean {
  const parts = keys.split(' ');
  const command = ctrlKey || metaKey;
  if (altKey || command !== parts.includes('Ctrl') || nameOf(key) !== parts.at(-1)?.toLowerCase()) return false;
  return !command || shiftKey === parts.includes('Shift');
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
};

/** As people write it: `a` is the key A. */
export const shownKeys = (keys: string): string =>
  keys
    .split(' ')
    .map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(' ');

/** The key belongs to a field or an editor. */
export const isTypedInto = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select') !== null);

/** Something stands over the page. */
export const isCovered = (): boolean => document.querySelector('[role="dialog"], [role="menu"]') !== null;
