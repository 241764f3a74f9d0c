import { beforeEach, expect, test } from 'vitest';
import { memoryDatabase } from '../adapters/memory/database.ts';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { MyelinError } from '../core/errors.ts';
import type { Store, WorkerStore } from '../ports/store.ts';
import { newId, ownedCreation } from '../testing/factories.ts';
import { Lease } from './lease.ts';
import { Rescuer } from './rescuer.ts';
import type { Worker } from './worker.ts';

const LEASE_MS = 1_000;

let clock: { now: number };
let store: Store;
/** The database is away. */
let away: boolean;

beforeEach(() => {
  clock = { now: 1_000_000 };
  away = false;
  store = memoryStore({ ...systemRuntime('silent'), now: () => clock.now }, memoryDatabase());
});

/** A process with this id on a host of its own. */
function rescuer(pid: number, host = `host-${pid}`, alive: readonly number[] = []) {
  const runtime = { ...systemRuntime('silent'), now: () => clock.now };
  const deaths = { heard: 0 };
  const worker = { id: newId(), renewed: 0, wake: () => undefined, renew: () => undefined };
  worker.renew = () => {
    worker.id = newId();
    worker.renewed += 1;
  };
  const reachable = async () => {
    if (away) throw new MyelinError('store_unavailable');
  };
  const workers: WorkerStore = {
    ...store.workers,
    heartbeat: (id) => reachable().then(() => store.workers.heartbeat(id)),
    buryDead: (silentMs) => reachable().then(() => store.workers.buryDead(silentMs)),
  };
  const lease = new Lease(LEASE_MS, runtime);
  const own = new Rescuer({
    store: workers,
    runtime,
    host: { name: host, pid, isAlive: (other) => alive.includes(other) },
    roles: ['worker'],
    worker: worker as unknown as Worker,
    lease,
    died: () => {
      deaths.heard += 1;
    },
  });
  return { own, worker, lease, deaths };
}

type Process = ReturnType<typeof rescuer>;

/** Time passes in steps in which each of them does its round. */
async function pass(ms: number, ...processes: readonly Process[]): Promise<void> {
  for (const end = clock.now + ms; clock.now < end; ) {
    clock.now += LEASE_MS / 5;
    for (const { own } of processes) await own.runOnce().catch(() => undefined);
  }
}

async function owned({ worker }: Process): Promise<() => Promise<boolean>> {
  const creation = ownedCreation(worker.id);
  await store.executions.commit([creation]);
  const id = worker.id;
  return async () => (await store.executions.owned(id)).includes(creation.executionId);
}

test('a worker that is silent for a lease is buried, and begins anew when it wakes', async () => {
  const [one, two] = [rescuer(1), rescuer(2)];
  await one.own.begin();
  await two.own.begin();
  const hasIt = await owned(one);
  await pass(LEASE_MS - 200, two);
  expect(await hasIt()).toBe(true);
  expect(two.deaths.heard).toBe(0);
  await pass(400, two);
  expect(await hasIt()).toBe(false);
  expect(two.deaths.heard).toBe(1);
  expect(one.lease.held).toBe(false);
  const before = one.worker.id;
  await one.own.runOnce();
  expect([one.worker.renewed, one.lease.held]).toEqual([1, true]);
  expect(one.worker.id).not.toBe(before);
  expect(await store.workers.heartbeat(one.worker.id)).toBe(true);
});

test('after the database was away nobody is buried for the silence of all', async () => {
  const processes = [rescuer(1), rescuer(2), rescuer(3)];
  for (const { own } of processes) await own.begin();
  const [one, two, three] = processes as [Process, Process, Process];
  const hasIt = await owned(three);
  await pass(2 * LEASE_MS, one, two, three);
  away = true;
  await pass(5 * LEASE_MS, one, two, three);
  away = false;
  // The third takes longest to come back.
  await pass(LEASE_MS - 400, one, two);
  await pass(3 * LEASE_MS, one, two, three);
  expect(await hasIt()).toBe(true);
  expect(processes.map(({ worker }) => worker.renewed)).toEqual([0, 0, 0]);
  await pass(2 * LEASE_MS, one, two);
  expect(await hasIt()).toBe(false);
});

test('one that begins gives those it has not yet seen a lease of time, and takes what its own host left behind', async () => {
  const [elsewhere, here, other] = [rescuer(1), rescuer(2, 'here'), rescuer(4, 'here')];
  for (const { own } of [elsewhere, here]) await own.begin();
  const left = [await owned(elsewhere), await owned(here)] as const;
  clock.now += 10 * LEASE_MS;
  const next = rescuer(3, 'here', [4]);
  await other.own.begin();
  const living = await owned(other);
  await next.own.begin();
  expect([await left[0](), await left[1](), await living()]).toEqual([true, false, true]);
  await pass(LEASE_MS, next, other);
  expect([await left[0](), await living()]).toEqual([false, true]);
});
