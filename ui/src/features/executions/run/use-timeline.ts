/** Reads the history into the timeline: all of it up to a limit, then more on demand, and what happens meanwhile. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { EventStore } from './event-store.ts';
import { useEvents } from './live-run.ts';
import { readEvents } from './read-events.ts';
import { TimelineFold } from './timeline-fold.ts';

const PAGE = 1_000;
/** Events that are read without being asked for. */
const FIRST = 20_000;

export interface Timeline {
  readonly fold: TimelineFold;
  /** Events that are not drawn yet. */
  readonly left: number;
  readonly isReading: boolean;
  readonly fault: Error | null;
  readonly more: () => void;
}

/** The page of another execution is another page, so the store stays. */
export function useTimeline(store: EventStore): Timeline {
  const version = useEvents(store);
  const [fold] = useState(() => new TimelineFold());
  const [, draw] = useState(0);
  const [limit, setLimit] = useState(FIRST);
  const [fault, setFault] = useState<Error | null>(null);
  const busy = useRef(false);
  const stop = useRef(new AbortController());
  // Ended with the page, not at each event: a reading under way also takes what comes meanwhile.
  useEffect(() => {
    const own = new AbortController();
    stop.current = own;
    return () => {
      own.abort();
      busy.current = false;
    };
  }, []);
  useEffect(() => {
    if (busy.current) return;
    busy.current = true;
    const { signal } = stop.current;
    const ended = (error: Error | null) => {
      if (signal.aborted) return;
      busy.current = false;
      setFault(error);
      draw((count) => count + 1);
    };
    read(store, fold, limit, signal, () => draw((count) => count + 1)).then(() => ended(null), ended);
    void version;
  }, [store, fold, limit, version]);
  const more = useCallback(() => setLimit((before) => before + FIRST), []);
  return { fold, left: Math.max(0, store.last - fold.seq), isReading: busy.current, fault, more };
}

async function read(
  store: EventStore,
  fold: TimelineFold,
  limit: number,
  signal: AbortSignal,
  drawn: () => void,
): Promise<void> {
  while (fold.seq < store.last && fold.seq < limit) {
    const next = store.at(fold.seq + 1);
    if (next !== undefined) {
      fold.add(next);
      continue;
    }
    const { items } = await readEvents(store.id, fold.seq, PAGE, signal);
    if (items.length === 0) return;
    for (const event of items) fold.add(event);
    drawn();
  }
}
