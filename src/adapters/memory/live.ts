/** What stores over one database tell each other; never within the operation that tells it. */
import type { LiveStore } from '../../ports/live.ts';
import type { Database } from './database.ts';
import type { LiveListener } from './live-listener.ts';

/** `own` are the listeners of this store, for when it is closed. */
export function liveStore({ liveListeners }: Database, own: Set<LiveListener>): LiveStore {
  return {
    tell: async (changes) => {
      for (const listener of liveListeners) {
        for (const change of changes) queueMicrotask(() => listener.heard(structuredClone(change)));
      }
    },
    tellMissed: async () => {
      for (const listener of liveListeners) queueMicrotask(() => listener.missed());
    },
    listen: async (heard, missed) => {
      const listener = { heard, missed };
      own.add(listener);
      liveListeners.add(listener);
    },
  };
}
