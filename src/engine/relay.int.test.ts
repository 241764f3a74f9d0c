/** Two relays at once over real PostgreSQL, each of them dying again and again in the middle of a round. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPool } from '../adapters/postgres/sql.ts';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { MyelinError } from '../core/errors.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import { newId, newWorkflow } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import type { Deliverer } from './deliverer.ts';
import { createEngine, type Engine } from './engine.ts';
import { EventTriggers } from './event-triggers.ts';
import { Relay } from './relay.ts';

interface Process {
  readonly store: Store;
  readonly engine: Engine;
  readonly relay: Relay;
}

const runtime = systemRuntime('silent');
let database: TestDatabase;
let processes: Process[];
/** Rounds so far; every third is cut off, before or after the delivery. */
let rounds: number;

beforeEach(async () => {
  database = await testDatabase();
  rounds = 0;
  processes = [await open(), await open()];
});

afterEach(async () => {
  for (const { engine, store } of processes) {
    await engine.stop(0);
    await store.close();
  }
  await database.drop();
});

async function open(): Promise<Process> {
  const store = await openPostgresStore(database.url);
  const engine = createEngine({
    store,
    runtime,
    secrets: { get: async () => undefined },
    nodeTypes: createNodeTypes(ABSENT),
    host: { name: newId(), pid: 1, isAlive: () => true },
    roles: [],
    slots: 100,
    taskConcurrency: 1,
    commitBatch: 100,
    leaseMs: 20_000,
  });
  const triggers = new EventTriggers({ groups: store.eventGroups, starter: engine.starter, runtime });
  const mortal: Deliverer = {
    name: 'mortal',
    deliver: async (messages) => {
      rounds += 1;
      if (rounds % 6 === 3) throw died();
      const undelivered = await triggers.deliver(messages);
      if (rounds % 6 === 0) throw died();
      return undelivered;
    },
  };
  const log: Store['messages'] = {
    ...store.messages,
    // Smaller rounds than in earnest, so that there are many.
    relay: (now, _, deliver) => store.messages.relay(now, 7, deliver),
  };
  return { store, engine, relay: new Relay({ messages: log, runtime, stats: engine.stats, deliverers: [mortal] }) };
}

/** What a round that is cut off throws: like a lost database, it is no fault of any message. */
const died = () => new MyelinError('store_unavailable', 'cut off by the test');

const KEYS = 5;
const COUNT = 300;

test('nothing is lost, nothing comes twice, and each key keeps its order', async () => {
  const trigger = { id: newId(), name: 'on', type: 'event', config: { event: 'thing.*' } };
  const workflow = newWorkflow({ status: 'active', triggers: [trigger] });
  await processes[0]?.store.workflows.create(workflow);
  const sending = send();
  let isOver = false;
  const work = processes.map(async ({ relay, store }) => {
    while (!isOver || (await store.messages.lag()) > 0) await relay.runOnce().catch(() => undefined);
  });
  await sending;
  isOver = true;
  await Promise.all(work);
  expect(rounds).toBeGreaterThan(COUNT / 7);
  const heard = await heardBy(workflow.id);
  expect(heard).toHaveLength(COUNT);
  for (let key = 0; key < KEYS; key++) {
    const ofKey = heard.filter((one) => one.key === key).map((one) => one.n);
    expect(ofKey).toEqual(Array.from({ length: COUNT / KEYS }, (_, n) => n));
  }
});

/** Each key has a writer of its own, who waits for one message before it writes the next. */
async function send(): Promise<void> {
  const writers = Array.from({ length: KEYS }, async (_, key) => {
    for (let n = 0; n < COUNT / KEYS; n++) {
      const { store } = processes[n % 2] as Process;
      const event = { specversion: '1.0', id: newId(), source: '/t', type: 'thing.made', data: { key, n } } as const;
      await store.messages.add([{ projectId: DEFAULT_PROJECT, event: { ...event, partitionkey: `k${key}` } }]);
    }
  });
  await Promise.all(writers);
}

/** In the order in which the executions were created. */
async function heardBy(workflowId: string): Promise<{ key: number; n: number }[]> {
  const { store } = processes[0] as Process;
  const rows = await store.executions.list({ projectId: DEFAULT_PROJECT, workflowId, limit: 10_000 });
  const histories = await store.executions.histories(rows.map(({ id }) => id));
  return rows.reverse().map(({ id }) => {
    const [created] = histories.get(id) ?? [];
    return created?.type === 'execution.created'
      ? (created.data.trigger as { data: { key: number; n: number } }).data
      : { key: -1, n: -1 };
  });
}

test('a relay that dies without a word leaves its turn to the other', async () => {
  const [one, two] = processes as [Process, Process];
  await one.store.messages.add([
    { projectId: DEFAULT_PROJECT, event: { specversion: '1.0', id: 'm', source: '/t', type: 'a' } },
  ]);
  const inside = Promise.withResolvers<void>();
  const awake = Promise.withResolvers<void>();
  const stopped = one.store.messages.relay(runtime.now(), 10, async (messages) => {
    inside.resolve();
    await awake.promise;
    return { done: messages.map(({ id }) => id), putOff: [] };
  });
  await inside.promise;
  const take = () =>
    two.store.messages.relay(runtime.now(), 10, async (messages) => ({
      done: messages.map(({ id }) => id),
      putOff: [],
    }));
  expect(await take()).toBeNull();
  await endOthers();
  expect(await take()).toBe(1);
  awake.resolve();
  await expect(stopped).rejects.toMatchObject({ code: 'store_unavailable' });
});

/** PostgreSQL ends the connections that hold the turn, as it does where the process is gone. */
async function endOthers(): Promise<void> {
  const sql = openPool(database.url, { max: 1 });
  try {
    await sql`
      select pg_terminate_backend(pid, 5000) from pg_locks
       where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
  } finally {
    await sql.end();
  }
}
