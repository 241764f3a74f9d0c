/**
 * Many letters at once, with what became of them so far. It belongs to the window, not to a page: whoever goes
 * elsewhere meanwhile and comes back sees how far it is.
 */
import { useSyncExternalStore } from 'react';
import type { LetterFilterQuery } from '../../../../src/contract/dead-letters.ts';
import { call } from '../../api/call.ts';
import { queryClient, refresh } from '../../api/query.ts';
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

export interface Progress {
  readonly order: Order;
  readonly state: 'working' | 'stopped' | 'ended';
  readonly total: number | undefined;
  readonly done: number;
  /** Of many: how many were not taken, and why nobody says. */
  readonly refused: number;
  /** Of those that were chosen one by one: which, and why. */
  readonly faults: readonly { readonly id: string; readonly message: string }[];
  /** Where it stopped, and why. */
  readonly error?: Error;
  readonly startedAt: string;
}

/** Requests at the same time, of letters that were chosen one by one. */
const AT_ONCE = 4;

let progress: Progress | undefined;
/** What is left to do; taken up again after a stop. */
let rest: readonly (() => Promise<void>)[] = [];
const listeners = new Set<() => void>();

function become(next: Progress | undefined): void {
  progress = next;
  for (const listener of listeners) listener();
}

function add(part: Partial<Pick<Progress, 'done' | 'refused' | 'faults'>>): void {
  if (progress === undefined) return;
  become({
    ...progress,
    done: progress.done + (part.done ?? 0),
    refused: progress.refused + (part.refused ?? 0),
    faults: [...progress.faults, ...(part.faults ?? [])],
  });
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

export const dismissBulk = (): void => become(undefined);

export function startBulk(order: Order): void {
  const { target } = order;
  const total = 'ids' in target ? target.ids.length : target.total;
  rest = 'ids' in target ? target.ids.map((id) => () => one(order, id)) : stepsOf(order, target.filter);
  become({
    order,
    state: 'working',
    total,
    done: 0,
    refused: 0,
    faults: [],
    startedAt: new Date().toISOString(),
  });
  void work();
}

export function resumeBulk(): void {
  if (progress === undefined) return;
  const { error: _, ...others } = progress;
  become({ ...others, state: 'working' });
  void work();
}

export function stopBulk(): void {
  if (progress?.state === 'working') become({ ...progress, state: 'stopped' });
}

async function work(): Promise<void> {
  while (rest.length > 0 && progress?.state === 'working') {
    const now = rest.slice(0, AT_ONCE);
    rest = rest.slice(AT_ONCE);
    const results = await Promise.allSettled(now.map((step) => step()));
    const failed = results.flatMap(({ status }, at) => (status === 'rejected' ? [now[at] as () => Promise<void>] : []));
    if (failed.length === 0) continue;
    rest = [...failed, ...rest];
    const reason: unknown = results.find((result) => result.status === 'rejected')?.reason;
    if (progress) become({ ...progress, state: 'stopped', error: reason as Error });
  }
  if (progress?.state === 'working') become({ ...progress, state: 'ended' });
  await refresh(queryClient, ['Dead letters', 'Executions']);
}

/** A letter that is refused is told of and left; a server that is not there stops all. */
async function one({ verb, note }: Order, id: string): Promise<void> {
  try {
    if (verb === 'requeue') await call('requeueDeadLetter', { params: { id }, body: {} });
    else await call('archiveDeadLetter', { params: { id }, body: note ?? {} });
    add({ done: 1 });
  } catch (error) {
    const { status, message } = error as Error & { status?: number };
    if (status === undefined || status === 0 || status >= 500 || status === 401) throw error;
    add({ faults: [{ id, message }] });
  }
}

/** The server takes a page at a time, and says where to go on. */
function stepsOf({ verb, note }: Order, filter: LetterFilterQuery): readonly (() => Promise<void>)[] {
  const filters = openOf(filter);
  let at = 0;
  let cursor: string | undefined;
  const step = async (): Promise<void> => {
    const present = filters[at];
    if (present === undefined) return;
    const more = cursor === undefined ? {} : { cursor };
    let next: string | null;
    if (verb === 'requeue') {
      const answer = await call('requeueDeadLetters', { body: { filter: present, ...more } });
      next = answer.nextCursor;
      add({ done: answer.requeued, refused: answer.refused });
    } else {
      const answer = await call('archiveDeadLetters', { body: { filter: present, ...note, ...more } });
      next = answer.nextCursor;
      add({ done: answer.archived });
    }
    cursor = next ?? undefined;
    if (next === null) at += 1;
    if (at < filters.length) rest = [step, ...rest];
  };
  return [step];
}
