/** Moments and spans for people: how long ago, with the exact time at hand. One clock moves them all. */
import { useSyncExternalStore } from 'react';
import { ago, span } from './spans.ts';

const TICK_MS = 1_000;
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** While nobody listens the clock stands still, and is set when it is looked at. */
function look(): number {
  if (timer === undefined && Date.now() - now >= TICK_MS) now = Date.now();
  return now;
}

function tick(changed: () => void): () => void {
  listeners.add(changed);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const listener of listeners) listener();
  }, TICK_MS);
  return () => {
    listeners.delete(changed);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Milliseconds since the epoch; changes once a second, or with each whole step of this many. */
export const useNow = (stepMs = 1): number => useSyncExternalStore(tick, () => Math.floor(look() / stepMs) * stepMs);

interface AgoProps {
  readonly at: string | null | undefined;
  /** It has happened, even where the clock of the server is a little ahead. */
  readonly past?: boolean;
}

/** `3 min ago`, or `in 2 h`. */
export function Ago({ at, past = false }: AgoProps) {
  const current = useNow();
  if (!at) return <span className="text-faint">never</span>;
  return (
    <time
      dateTime={at}
      // Written for whoever points at it: what writes dates is slow to begin, and lists are full of them.
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = exact(at);
      }}
      className="whitespace-nowrap tabular-nums"
    >
      {ago(past ? Math.min(Date.parse(at), current) : Date.parse(at), current)}
    </time>
  );
}

/** From `from` to `to`, or until now where it has not ended. */
export function Took({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  const current = useNow();
  if (from === null) return <span className="text-faint">–</span>;
  const end = to === null ? Math.max(current, Date.parse(from)) : Date.parse(to);
  return <span className="whitespace-nowrap tabular-nums">{span(end - Date.parse(from))}</span>;
}

let moments: Intl.DateTimeFormat | undefined;

export function exact(at: string): string {
  moments ??= new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  return moments.format(new Date(at));
}
