/**
 * The same done to many, with what became of them so far. It belongs to the window, not to a page: whoever goes
 * elsewhere meanwhile and comes back sees how far it is, and after a reload it waits to be gone on with.
 */
import { useSyncExternalStore } from 'react';
import { queryClient, refresh } from '../../api/query.ts';
import { serverTime } from '../../api/server-time.ts';
import { BulkRun, type Outcome, type Run } from './bulk-run.ts';

export interface Progress<Order> extends Run {
  readonly order: Order;
  /** By the clock of the server. */
  readonly startedAt: string;
}

export interface Bulk<Order> {
  /** Undefined where there is none. */
  use(): Progress<Order> | undefined;
  start(order: Order): void;
  stop(): void;
  resume(): void;
  dismiss(): void;
}

/** Orders and parts are JSON: they outlive the page. */
export interface BulkOptions<Order, Part> {
  /** Where this window keeps it. */
  readonly place: string;
  readonly partsOf: (order: Order) => readonly Part[];
  readonly act: (part: Part, progress: Pick<Progress<Order>, 'order' | 'startedAt'>) => Promise<Outcome<Part>>;
  /** What is read anew at its end, by the tags of operations. */
  readonly tags: readonly string[];
}

interface Kept<Order, Part> {
  readonly order: Order;
  readonly startedAt: string;
  readonly run: Run;
  readonly rest: readonly Part[];
}

export function createBulk<Order, Part>({ place, partsOf, act, tags }: BulkOptions<Order, Part>): Bulk<Order> {
  let progress: Progress<Order> | undefined;
  let present: BulkRun<Part> | undefined;
  const listeners = new Set<() => void>();
  const become = (next: Progress<Order> | undefined) => {
    progress = next;
    for (const listener of listeners) listener();
  };
  const begin = (order: Order, startedAt: string, parts: readonly Part[], before?: Run) => {
    present = new BulkRun({
      parts,
      act: (part) => act(part, { order, startedAt }),
      changed: (run, rest) => {
        const { error: _, ...others } = run;
        keepFor<Kept<Order, Part>>(place, run.state === 'ended' ? undefined : { order, startedAt, run: others, rest });
        become({ ...run, order, startedAt });
      },
      settled: () => refresh(queryClient, tags),
      ...(before && { before }),
    });
  };
  const kept = readFor<Kept<Order, Part>>(place);
  if (kept) begin(kept.order, kept.startedAt, kept.rest, kept.run);
  return {
    use: () =>
      useSyncExternalStore(
        (changed) => {
          listeners.add(changed);
          return () => listeners.delete(changed);
        },
        () => progress,
      ),
    start: (order) => {
      present?.drop();
      begin(order, new Date(serverTime()).toISOString(), partsOf(order));
    },
    stop: () => present?.stop(),
    resume: () => present?.resume(),
    dismiss: () => {
      present?.drop();
      present = undefined;
      keepFor(place, undefined);
      become(undefined);
    },
  };
}

/** Where the window keeps nothing, only a reload forgets it. */
function keepFor<T>(place: string, value: T | undefined): void {
  try {
    if (value === undefined) sessionStorage.removeItem(place);
    else sessionStorage.setItem(place, JSON.stringify(value));
  } catch {
    // Too large, or not allowed.
  }
}

function readFor<T>(place: string): T | undefined {
  try {
    const text = sessionStorage.getItem(place);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

/** What is refused by itself is told of and left; a server that is not there stops all. */
export async function oneOf<Part>(id: string, ask: () => Promise<unknown>): Promise<Outcome<Part>> {
  try {
    await ask();
    return { done: 1 };
  } catch (error) {
    const { status, message } = error as Error & { status?: number };
    if (status === undefined || status === 0 || status >= 500 || status === 401) throw error;
    return { faults: [{ id, message }] };
  }
}
