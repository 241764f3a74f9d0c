/** What was done to a document, so that it can be undone. Typing in one field counts as one step. */
import type { Definition } from '../../../../graph/document.ts';

export interface History {
  readonly past: readonly Definition[];
  readonly now: Definition;
  readonly future: readonly Definition[];
  /** What the last step was about, such as `config fetch`; steps about the same become one. */
  readonly about: string | undefined;
  readonly at: number;
}

const MOST = 200;
/** A pause in typing ends a step. */
const STEP_MS = 1_500;

export const begin = (now: Definition): History => ({ past: [], now, future: [], about: undefined, at: 0 });

export function step(history: History, next: Definition, at: number, about?: string): History {
  if (next === history.now) return history;
  const goesOn = about !== undefined && about === history.about && at - history.at < STEP_MS;
  const past = goesOn ? history.past : [...history.past.slice(1 - MOST), history.now];
  return { past, now: next, future: [], about, at };
}

export function undo(history: History): History {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  const future = [history.now, ...history.future];
  return { past: history.past.slice(0, -1), now: before, future, about: undefined, at: 0 };
}

export function redo(history: History): History {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.now], now: next, future, about: undefined, at: 0 };
}
