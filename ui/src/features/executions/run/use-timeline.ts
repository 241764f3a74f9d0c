/** Reads the history into the timeline: all of it up to a limit, then more on demand, and what happens meanwhile. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type EventStore, readEvents } from './event-store.ts';
import { useEvents } from './live-run.ts';
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

export function useTimeline(store: EventStore): Timeline {
  const version = useEvents(store);
  const [fold, setFold] = useState(() => new TimelineFold());
  const [, draw] = useState(0);
  const [limit, setLimit] = useState(FIRST);
  const [fault, setFault] = useState<Error | null>(null);
  const busy = useRef(false);
  const of = useRef(store);
  useEffect(() => {
    if (of.current === store) return;
    of.current = store;
    setFold(new TimelineFold());
  }, [store]);
  useEffect(() => {
    if (busy.current) return;
    busy.current = true;
    const stop = new AbortController();
    read(store, fold, limit, stop.signal, () => draw((count) => count + 1))
      .then(
        () => setFault(null),
        (error: Error) => setFault(error),
      )
      .finally(() => {
        busy.current = false;
        draw((count) => count + 1);
      });
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
