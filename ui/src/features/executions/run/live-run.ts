/**
 * Keeps the page of one execution up to date: its events come as they happen, and each makes the page read its nodes
 * again, the sooner the quicker that is. A tab in the background holds no connection; it catches up when it is seen.
 */
import table from 'virtual:routes';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { EventAnswer, Execution } from '../../../../../src/contract/executions.ts';
import { hasEnded, isEnd, isFinal } from '../../../../../src/core/execution/status.ts';
import { addressOf, untilSignedIn } from '../../../api/call.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { useApi } from '../../../api/query.ts';
import { follow, rest } from '../../../api/server-events.ts';
import { RUN } from '../first-reading.ts';
import { EventStore } from './event-store.ts';
import { readEvents } from './read-events.ts';

/** Between two readings of the nodes; at least three times as long as one takes. */
const REST_MS = 250;

/** Between two looks for the end, when one went wrong. */
const LOOK_AGAIN_MS = 1_000;

/** The history, whose end is known once it was found. */
export function useEventStore(id: string): EventStore {
  const store = useMemo(() => new EventStore(id, readEvents), [id]);
  useEffect(() => {
    const stop = new AbortController();
    void find(store, stop.signal);
    return () => stop.abort();
  }, [store]);
  return store;
}

/** Until it is found, since nothing is live before that; an execution that is not there has none. */
async function find(store: EventStore, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await store.findEnd();
    const { isFound, fault } = store;
    const status = fault instanceof ApiProblem ? fault.status : 0;
    if (isFound || status === 403 || status === 404) return;
    if (status === 401) await untilSignedIn(signal);
    await rest(LOOK_AGAIN_MS, signal);
  }
}

export const useEvents = (store: EventStore): number => useSyncExternalStore(store.subscribe, store.version);

export function useLiveRun(execution: Execution | undefined, store: EventStore): void {
  const client = useQueryClient();
  useEvents(store);
  const isSeen = useSeen();
  const { id } = store;
  const status = execution?.status;
  const isOpen = status !== undefined && !hasEnded(status);
  const { isFound } = store;
  const again = useMemo(
    () => throttled(() => client.refetchQueries({ queryKey: [RUN, id], type: 'active' })),
    [client, id],
  );
  // It may have ended while the line was down: then what happened until its end is still to come.
  const isWhole = isEnd(store.at(store.last)?.type ?? '');
  const isFollowed = isFound && isSeen && (isOpen || !isWhole) && status !== undefined;
  useEffect(() => {
    if (!isFollowed) return;
    const stop = new AbortController();
    const path = addressOf(table.listExecutionEvents?.path ?? '', { id }, { values: 'omit' });
    let isOver = false;
    void follow(
      path,
      {
        lastId: String(store.last),
        signal: stop.signal,
        on: ({ data }) => {
          const event = JSON.parse(data) as EventAnswer;
          isOver = hasEnded(event.type.replace('execution.', '') as Execution['status']);
          store.add(event);
          again();
        },
      },
      () => isOver,
    ).then(() => {
      if (!stop.signal.aborted) again();
    });
    return () => stop.abort();
  }, [isFollowed, id, store, again]);
  // One that failed may be led on by somebody else: the list of what changed makes this be asked again.
  const mayGoOn = status !== undefined && hasEnded(status) && !isFinal(status) && isFound;
  const more = useApi(
    'listExecutionEvents',
    { params: { id }, query: { after: store.last, limit: 200, values: 'omit' } },
    { enabled: mayGoOn },
  );
  const came = more.data?.items;
  useEffect(() => {
    if (!mayGoOn || came === undefined) return;
    const fresh = came.filter(({ seq }) => seq > store.last);
    if (fresh.length === 0) return;
    for (const event of fresh) store.add(event);
    again();
  }, [mayGoOn, came, store, again]);
}

function useSeen(): boolean {
  const [isSeen, setSeen] = useState(!document.hidden);
  useEffect(() => {
    const look = () => setSeen(!document.hidden);
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return isSeen;
}

/** The first at once; never two at a time, and the last is not missed. */
function throttled(run: () => Promise<unknown>): () => void {
  let isBusy = false;
  let isDue = false;
  const go = async () => {
    isBusy = true;
    isDue = false;
    const began = performance.now();
    await run().catch(() => undefined);
    const took = performance.now() - began;
    setTimeout(
      () => {
        isBusy = false;
        if (isDue) void go();
      },
      Math.max(REST_MS, took * 3),
    );
  };
  return () => {
    isDue = true;
    if (!isBusy) void go();
  };
}
