/** Looks through the history for events of a type and with a text, page after page, and shows what it has found so far. */
import { useEffect, useState } from 'react';
import type { EventAnswer } from '../../../../../src/contract/executions.ts';
import type { EventStore } from './event-store.ts';
import { readEvents, readWholeEvents } from './read-events.ts';

const PAGE = 1_000;
/** More are not shown: a narrower search serves better. */
const MOST = 2_000;
const TYPING_MS = 200;

export interface Search {
  readonly text: string;
  readonly type: string;
}

export interface Found {
  readonly events: readonly EventAnswer[];
  /** Events looked through. */
  readonly searched: number;
  readonly isFull: boolean;
  readonly fault: Error | null;
  /** After a fault: goes on where it stopped. */
  readonly again: () => void;
}

const NOTHING: Omit<Found, 'again'> = { events: [], searched: 0, isFull: false, fault: null };

const isWanted = ({ text, type }: Search, event: EventAnswer): boolean =>
  (type === '' || event.type === type) &&
  (text === '' || `${event.type} ${JSON.stringify(event.data)}`.toLowerCase().includes(text.toLowerCase()));

/** Null without a search. */
export function useEventSearch(store: EventStore, { text, type }: Search): Found | null {
  const [found, setFound] = useState(NOTHING);
  const isOn = text !== '' || type !== '';
  const [attempt, setAttempt] = useState(0);
  const { last } = store;
  const [until, setUntil] = useState(0);
  useEffect(() => setUntil(last), [last]);
  useEffect(() => {
    setFound(NOTHING);
  }, [store, text, type]);
  const { searched, isFull } = found;
  useEffect(() => {
    if (!isOn || isFull || searched >= until) return;
    const stop = new AbortController();
    const timer = setTimeout(
      () => {
        const read = text === '' ? readEvents : readWholeEvents;
        read(store.id, searched, PAGE, stop.signal).then(
          ({ items }) => {
            if (stop.signal.aborted || items.length === 0) return;
            const more = items.filter((event) => isWanted({ text, type }, event));
            setFound((before) => {
              const events = [...before.events, ...more].slice(0, MOST);
              return { events, searched: items.at(-1)?.seq ?? searched, isFull: events.length === MOST, fault: null };
            });
          },
          (fault: Error) => {
            if (!stop.signal.aborted) setFound((before) => ({ ...before, fault }));
          },
        );
      },
      searched === 0 ? TYPING_MS : 0,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [store, text, type, isOn, isFull, searched, until, attempt]);
  return isOn ? { ...found, again: () => setAttempt((count) => count + 1) } : null;
}
