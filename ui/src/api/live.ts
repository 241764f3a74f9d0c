/**
 * The server says what has changed, the pages read it again. After every connection everything is read again, so what
 * happened while the line was down is not missed; as long as it is down, `useLive` says so.
 */
import table from 'virtual:routes';
import { useSyncExternalStore } from 'react';
import type { LiveEvent } from '../../../src/contract/live.ts';
import { dueAfter, type Tags } from './due.ts';
import { gathered } from './gathered.ts';
import { keyOf, queryClient, readAgain } from './query.ts';

export type LiveState = 'connecting' | 'live' | 'down';

/** What is read again, by topic: tags of the table of routes. */
const TAGS: Tags = {
  // What is sent to others, nodes send.
  executions: ['Executions', 'Monitoring', 'Webhooks'],
  approvals: ['Approvals'],
  'dead-letters': ['Dead letters'],
  sessions: ['Sessions'],
  workflows: ['Workflows', 'Triggers', 'Webhooks', 'Event groups'],
  triggers: ['Triggers'],
  prompts: ['Prompts'],
  connections: ['Connections'],
  keys: ['Keys'],
  usage: ['Money'],
  messages: ['Messages', 'Event groups'],
  replays: ['Replays'],
  'event-groups': ['Event groups'],
};

const RECONNECT_MS = 1_000;
const FIRST_MS = 1_500;
/** Not more often than this, however busy the server is. */
const REST_MS = 700;

let state: LiveState = 'connecting';
const listeners = new Set<() => void>();
let source: EventSource | undefined;
/** Somebody is signed in. */
let isWanted = false;
let isFirst = true;
const tell = gathered<string>({
  read: (due) => readAgain(queryClient, due),
  rest: () => new Promise((resolve) => setTimeout(resolve, REST_MS)),
});

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
  source = new EventSource(table.followChanges?.path ?? '');
  source.onopen = () => become('live');
  source.addEventListener('sync', sync);
  source.addEventListener('changed', (event) => {
    tell(dueAfter(JSON.parse((event as MessageEvent<string>).data) as Extract<LiveEvent, { type: 'changed' }>, TAGS));
  });
  source.onerror = () => {
    become('down');
    // A browser gives up on an answer that is no stream, such as one of a proxy while the server is away.
    if (source?.readyState !== EventSource.CLOSED) return;
    source = undefined;
    // It may be that nobody is signed in any more: then the page asks for a key, and this is tried no longer.
    void queryClient.invalidateQueries({ queryKey: keyOf('getSignIn') }, { cancelRefetch: false });
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

export function useLive(): LiveState {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => state,
  );
}
