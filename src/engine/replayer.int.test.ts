/** Two replayers at once over real PostgreSQL, each of them dying again and again in the middle of a batch. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { insertMessages } from '../adapters/postgres/insert-messages.ts';
import { openPool, runAll, type Sql } from '../adapters/postgres/sql.ts';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { MyelinError } from '../core/errors.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import type { Replay } from '../ports/replays.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import { newId, newWorkflow } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import { createEngine, type Engine } from './engine.ts';
import { Replayer } from './replayer.ts';
import type { Start } from './starter.ts';

interface Process {
  readonly store: Store;
  readonly engine: Engine;
  readonly replayer: Replayer;
}

const runtime = systemRuntime('silent');
const COUNT = 300;
/** So many wait for a worker, as each process sees it: there is room for seven more. */
const WAITING = 393;
let database: TestDatabase;
let processes: Process[];
let batches: number;

beforeEach(async () => {
  database = await testDatabase();
  batches = 0;
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
    ...{ slots: 100, taskConcurrency: 1, commitBatch: 100, leaseMs: 20_000 },
  });
  const mortal = {
    queueEach: async (starts: readonly Start[]) => {
      batches += 1;
      if (batches % 6 === 3) throw died();
      const started = await engine.starter.queueEach(starts);
      if (batches % 6 === 0) throw died();
      return started;
    },
  };
  const full = { ...store, executions: { ...store.executions, queued: async () => WAITING } };
  return { store, engine, replayer: new Replayer({ store: full, starter: mortal, runtime }) };
}

const died = () => new MyelinError('store_unavailable', 'cut off by the test');

async function begin({ store }: Process): Promise<Replay> {
  const { id: workflowId, name } = await store.workflows.create(newWorkflow({ status: 'active' }));
  const replay = await store.replays.add({
    ...{ id: newId(), projectId: DEFAULT_PROJECT, filter: { type: 'thing.*' }, trigger: null, suppressed: false },
    ...{ workflowId, workflowName: name, version: 1, status: 'running', position: 0 },
    ...{ total: COUNT, started: 0, skipped: 0, refused: 0, error: null },
    ...{ createdAt: runtime.now(), movedAt: runtime.now(), finishedAt: null },
  });
  return replay as Replay;
}

/** What each execution of the workflow was started with. */
async function started({ store }: Process, workflowId: string): Promise<number[]> {
  const found: number[] = [];
  for (let before: string | undefined; ; ) {
    const page = { projectId: DEFAULT_PROJECT, workflowId, limit: 100, ...(before !== undefined && { before }) };
    const rows = await store.executions.list(page);
    const histories = await store.executions.histories(rows.map(({ id }) => id));
    for (const [created] of histories.values()) {
      const { trigger } = (created as { data: { trigger: { data: { n: number } } } }).data;
      found.push(trigger.data.n);
    }
    before = rows.at(-1)?.id;
    if (rows.length < 100) return found.sort((a, b) => a - b);
  }
}

test('of two replays at once, each message starts each workflow once, whoever dies in between', async () => {
  const [one] = processes as [Process, Process];
  const event = { specversion: '1.0', source: '/t', type: 'thing.made' } as const;
  await one.store.messages.add(
    Array.from({ length: COUNT }, (_, n) => ({
      projectId: DEFAULT_PROJECT,
      event: { ...event, id: newId(), data: { n } },
    })),
  );
  const replays = [await begin(one), await begin(one)];
  const now = () => Promise.all(replays.map(({ id }) => one.store.replays.get(DEFAULT_PROJECT, id)));
  const work = processes.map(async ({ replayer }) => {
    while ((await now()).some((replay) => replay?.status === 'running'))
      await replayer.runOnce().catch(() => undefined);
  });
  await Promise.all(work);
  expect(batches).toBeGreaterThan((2 * COUNT) / 7);
  for (const replay of await now()) {
    expect(replay).toMatchObject({ status: 'completed', started: COUNT, skipped: 0, refused: 0, error: null });
    expect(await started(one, replay?.workflowId ?? '')).toEqual(Array.from({ length: COUNT }, (_, n) => n));
  }
});

/** A transaction that the test holds open ends with it, however slow the machine is. */
const PATIENT = 'set local idle_in_transaction_session_timeout = 0';

test('a message that is on its way when the replay begins is of it, though later ones are there before', async () => {
  const [one] = processes as [Process, Process];
  const { store, replayer } = one;
  const sql = openPool(database.url, { max: 2 });
  const add = (tx: Sql, n: number) => {
    const event = { specversion: '1.0', source: '/t', type: 'thing.made', id: newId(), data: { n } } as const;
    return runAll(tx, insertMessages([{ projectId: DEFAULT_PROJECT, event }]));
  };
  const open = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  // The first to have a transaction gets a place after the one that is late.
  const early = sql.begin(async (tx) => {
    await tx.unsafe(`${PATIENT}; select pg_current_xact_id()`);
    const late = sql.begin(async (other) => {
      await other.unsafe(PATIENT);
      await add(other, 1);
      open.resolve();
      await over.promise;
    });
    await open.promise;
    await add(tx, 2);
    return { late };
  });
  const { late } = await early;
  const replay = await begin(one);
  await add(sql, 3);
  const stepped = await store.replays.step(runtime.now(), async (given) => ({ ...given, status: 'failed' }));
  expect(stepped).toBeNull();
  await replayer.runOnce();
  expect(await store.replays.get(DEFAULT_PROJECT, replay.id)).toMatchObject({ status: 'running', position: 0 });
  over.resolve();
  await late;
  const now = async () => (await store.replays.get(DEFAULT_PROJECT, replay.id))?.status;
  while ((await now()) === 'running') await replayer.runOnce().catch(() => undefined);
  expect(await store.replays.get(DEFAULT_PROJECT, replay.id)).toMatchObject({ status: 'completed', started: 2 });
  expect(await started(one, replay.workflowId)).toEqual([1, 2]);
  await sql.end();
});

test('a replay of a dump waits for no transaction of the cluster that it is from', async () => {
  const [one] = processes as [Process, Process];
  const replay = await begin(one);
  const sql = openPool(database.url, { max: 1 });
  await sql`update message_replays set horizon = ((horizon::text)::bigint + 1000000000)::text::xid8`;
  const given = await one.store.replays.step(runtime.now(), async (running) => ({ ...running, status: 'completed' }));
  expect(given).toMatchObject({ id: replay.id, status: 'completed' });
  await sql.end();
});
