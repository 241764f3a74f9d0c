/** When the event was that one looks back to. */
import { useEffect } from 'react';
import type { EventStore } from './event-store.ts';
import { useEvents } from './live-run.ts';

/** Milliseconds since the epoch; undefined while it is read, and for now. */
export function useMoment(store: EventStore, at: number | undefined): number | undefined {
  useEvents(store);
  useEffect(() => {
    if (at !== undefined) store.want(at);
  }, [store, at]);
  const event = at === undefined ? undefined : store.at(at);
  return event === undefined ? undefined : Date.parse(event.at);
}
