/** The queue and the timers belong to no project: what other tests have left there is cleared away first. */
import type { Claimed, Store } from '../../ports/store.ts';
import { FAILURE, newId } from '../factories.ts';

/** Sets aside whatever can be claimed, so that nobody owns it and nothing wakes it. */
export async function drainQueue(store: Store): Promise<void> {
  const owner = newId();
  const ids = await claimAll(store, owner);
  await Promise.all(ids.map((id) => store.executions.quarantine(id, FAILURE)));
  await store.workers.leave(owner);
}

/** No rule retries any of the letters that are there. */
export async function drainLetters(store: Store): Promise<void> {
  while ((await store.deadLetters.requeueDue(Number.MAX_SAFE_INTEGER, 1000)).nextAt !== null);
}

export async function drainTimers(store: Store): Promise<void> {
  while ((await store.executions.fireTimers(Number.MAX_SAFE_INTEGER, 1000)).fired > 0);
}

/** What `owner` is given, who is a worker from now on. */
export async function claimAs(store: Store, owner: string, limit: number): Promise<Claimed[]> {
  if (!(await store.workers.heartbeat(owner))) {
    await store.workers.register({ id: owner, host: owner, pid: 1, roles: ['worker'] });
  }
  return await store.executions.claim(owner, limit);
}

/** Ids of everything that can be claimed, in no order. */
export async function claimAll(store: Store, owner: string): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const claimed = await claimAs(store, owner, 100);
    if (claimed.length === 0) return ids;
    ids.push(...claimed.map(({ id }) => id));
  }
}

/** The bodies of the signals that wait for one execution. */
export async function signalsOf(store: Store, executionId: string): Promise<unknown[]> {
  return (await store.executions.signals([executionId])).map(({ signal }) => signal);
}
