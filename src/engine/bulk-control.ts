/**
 * What a person does with all executions that fit a filter, page by page: each gets the signal that one gets by itself.
 * Done twice it is done once: what has the signal already, or has ended meanwhile, gets no other.
 */
import { CANCELABLE, RETRYABLE, type Status } from '../core/execution/index.ts';
import type { ExecutionQuery, ExecutionRow, ExecutionStore, Reach, SignalBody } from '../ports/store.ts';
import type { PageDone } from './page-done.ts';

export interface BulkControlOptions {
  readonly store: ExecutionStore;
  /** Executions have signals now. */
  readonly posted: () => void;
}

/** `asOf` in milliseconds since the epoch: what was created, or has failed, later is left alone. */
type Query = ExecutionQuery & Reach & { readonly asOf: number };
type Signal<T extends SignalBody['type']> = Extract<SignalBody, { type: T }>;
type Done = Promise<PageDone<string>>;

export interface BulkControl {
  cancel(query: Query, signal: Signal<'cancel'>): Done;
  retry(query: Query, signal: Signal<'retry'>): Done;
}

export function createBulkControl({ store, posted }: BulkControlOptions): BulkControl {
  async function page(query: ExecutionQuery & Reach, statuses: readonly Status[], signal: SignalBody): Done {
    const those = (query.statuses ?? statuses).filter((one) => statuses.includes(one));
    if (those.length === 0) return { done: 0, refused: 0, next: null };
    const { items, next } = await store.page({ ...query, statuses: those });
    const ids = items.filter((row) => !isRefused(row)).map(({ id }) => id);
    const { projectId } = query;
    const done = ids.length === 0 ? 0 : (await store.postToEach({ projectId, ids, statuses: those, signal })).length;
    if (done > 0) posted();
    return { done, refused: items.length - done, next };
  }
  return {
    cancel: ({ asOf, ...query }, signal) => page({ ...query, to: earlier(query.to, asOf) }, CANCELABLE, signal),
    retry: ({ asOf, ...query }, signal) => page({ ...query, endedTo: earlier(query.endedTo, asOf) }, RETRYABLE, signal),
  };
}

const earlier = (a: number | undefined, b: number): number => Math.min(a ?? b, b);

/**
 * Of these each is looked at by itself: what is being undone would stay half undone, and what is in doubt might be done,
 * or paid, a second time.
 */
const isRefused = ({ status, error }: ExecutionRow): boolean => status === 'compensating' || error?.code === 'in_doubt';
