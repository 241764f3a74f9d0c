/**
 * The server says what has changed, the pages read it again. After every connection everything is read again, so what
 * happened while the line was down is not missed; as long as it is down, `useLive` says so.
 */
import { useSyncExternalStore } from 'react';
import type { LiveEvent } from '../../../src/contract/live.ts';
import type { Route } from '../../../src/contract/route.ts';
import type { Topic } from '../../../src/core/topics.ts';
import { queryClient, refresh } from './query.ts';

export type LiveState = 'connecting' | 'live' | 'down';

/** What is read again, by topic: tags of the table of routes. */
const TAGS: Readonly<Record<Topic, readonly Route['tag'][]>> = {
  executions: ['Executions', 'Monitoring'],
  approvals: ['Approvals'],
  'dead-letters': ['Dead letters'],
  sessions: ['Sessions'],
  workflows: ['Workflows', 'Triggers', 'Webhooks'],
  triggers: ['Triggers'],
  prompts: ['Prompts'],
  connections: ['Connections'],
  usage: ['Money'],
  messages: ['Messages'],
  replays: ['Replays'],
};

const RECONNECT_MS = 1_000;
const FIRST_MS = 1_500;
/** Not more often than this, however busy the server is. */
const REST_MS = 700;

let state: LiveState = 'connecting';
const listeners = new Set<() => void>();
const due = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;
let source: EventSource | undefined;
/** Somebody is signed in. */
let isWanted = false;
let isFirst = true;

function become(next: LiveState): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

/** From when somebody is signed in, until `leave`. */
export function goLive(): void {
  isWanted = true;
  connect();
}

function connect(): void {
  if (source !== undefined || !isWanted) return;
  source = new EventSource('/api/live');
  source.onopen = () => become('live');
  source.addEventListener('sync', sync);
  source.addEventListener('changed', (event) => {
    const { topics } = JSON.parse((event as MessageEvent<string>).data) as Extract<LiveEvent, { type: 'changed' }>;
    for (const topic of topics) for (const tag of TAGS[topic] ?? []) due.add(tag);
    if (timer === undefined) timer = setTimeout(tell, REST_MS);
  });
  source.onerror = () => {
    become('down');
    // A browser gives up on an answer that is no stream, such as one of a proxy while the server is away.
    if (source?.readyState !== EventSource.CLOSED) return;
    source = undefined;
    setTimeout(connect, RECONNECT_MS);
  };
}

/** What a page read while it opened is read again a little later: nobody waits for that. */
function sync(): void {
  if (isFirst) setTimeout(() => void queryClient.invalidateQueries(), FIRST_MS);
  else void queryClient.invalidateQueries();
  isFirst = false;
}

export function leave(): void {
  isWanted = false;
  source?.close();
  source = undefined;
  become('connecting');
}

function tell(): void {
  timer = undefined;
  const tags = [...due];
  due.clear();
  void refresh(queryClient, tags);
}

export function useLive(): LiveState {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => state,
  );
}
