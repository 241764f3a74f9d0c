/**
 * Many letters at once, with what became of them so far. It belongs to the window, not to a page: whoever goes
 * elsewhere meanwhile and comes back sees how far it is.
 */
import { useSyncExternalStore } from 'react';
import type { LetterFilterQuery } from '../../../../src/contract/dead-letters.ts';
import { call } from '../../api/call.ts';
import { queryClient, refresh } from '../../api/query.ts';
import { serverTime } from '../../api/server-time.ts';
import { BulkRun, type Outcome, type Run, type Step } from './bulk-run.ts';
import { openOf } from './letter-search.ts';

export interface Note {
  readonly note?: string;
  readonly by?: string;
}

type Target =
  | { readonly ids: readonly string[] }
  | { readonly filter: LetterFilterQuery; readonly total: number | undefined };

export interface Order {
  readonly verb: 'requeue' | 'archive';
  /** In words: `20 dead letters of send-invoices`. */
  readonly what: string;
  readonly target: Target;
  readonly note?: Note;
}

export interface Progress extends Run {
  readonly order: Order;
  readonly total: number | undefined;
  /** By the clock of the server, which says when a letter failed. */
  readonly startedAt: string;
}

let progress: Progress | undefined;
let present: BulkRun | undefined;
const listeners = new Set<() => void>();

function become(next: Progress | undefined): void {
  progress = next;
  for (const listener of listeners) listener();
}

export function useBulk(): Progress | undefined {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => progress,
  );
}

export function startBulk(order: Order): void {
  present?.drop();
  const { target } = order;
  const total = 'ids' in target ? target.ids.length : target.total;
  const steps = 'ids' in target ? target.ids.map((id) => () => one(order, id)) : [pagesOf(order, target.filter)];
  const startedAt = new Date(serverTime()).toISOString();
  present = new BulkRun(
    steps,
    (run) => become({ ...run, order, total, startedAt }),
    () => refresh(queryClient, ['Dead letters', 'Executions']),
  );
}

export const stopBulk = (): void => present?.stop();
export const resumeBulk = (): void => present?.resume();

export function dismissBulk(): void {
  present?.drop();
  present = undefined;
  become(undefined);
}

/** A letter that is refused is told of and left; a server that is not there stops all. */
async function one({ verb, note }: Order, id: string): Promise<Outcome> {
  try {
    if (verb === 'requeue') await call('requeueDeadLetter', { params: { id }, body: {} });
    else await call('archiveDeadLetter', { params: { id }, body: note ?? {} });
    return { done: 1 };
  } catch (error) {
    const { status, message } = error as Error & { status?: number };
    if (status === undefined || status === 0 || status >= 500 || status === 401) throw error;
    return { faults: [{ id, message }] };
  }
}

/** The server takes a page at a time, and says where to go on. */
function pagesOf({ verb, note }: Order, whole: LetterFilterQuery): Step {
  const filters = openOf(whole);
  let at = 0;
  let cursor: string | undefined;
  const next = (nextCursor: string | null): boolean => {
    cursor = nextCursor ?? undefined;
    if (nextCursor === null) at += 1;
    return at < filters.length;
  };
  return async () => {
    const filter = filters[at];
    if (filter === undefined) return {};
    const more = cursor === undefined ? {} : { cursor };
    if (verb === 'requeue') {
      const answer = await call('requeueDeadLetters', { body: { filter, ...more } });
      return { done: answer.requeued, refused: answer.refused, isUnfinished: next(answer.nextCursor) };
    }
    const answer = await call('archiveDeadLetters', { body: { filter, ...note, ...more } });
    return { done: answer.archived, isUnfinished: next(answer.nextCursor) };
  };
}
