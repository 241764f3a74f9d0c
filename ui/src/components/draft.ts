/** What is typed and not sent yet, kept in this browser: a reload, a crash or a wrong click loses nothing. */
import { useCallback, useState } from 'react';
import { keep, readKept } from './storage.ts';

const NAME = 'myelin.draft.';

function read<T>(place: string): T | undefined {
  try {
    const text = readKept(NAME + place);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

export const forgetDraft = (place: string): void => keep(NAME + place, undefined);

interface Draft<T> {
  readonly value: T;
  /** Something was typed, now or before. */
  readonly isTyped: boolean;
  readonly set: (value: T) => void;
  /** Back to the beginning. */
  readonly clear: () => void;
}

/** `place` names what is written, such as `approval.ID`; a component that changes its place needs a new `key`. */
export function useDraft<T>(place: string, initial: T): Draft<T> {
  const [typed, setTyped] = useState(() => read<T>(place));
  const set = useCallback(
    (value: T) => {
      setTyped(value);
      keep(NAME + place, JSON.stringify(value));
    },
    [place],
  );
  const clear = useCallback(() => {
    setTyped(undefined);
    forgetDraft(place);
  }, [place]);
  return { value: typed ?? initial, isTyped: typed !== undefined, set, clear };
}
