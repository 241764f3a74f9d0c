/** Many processes on one database, as far as the store can tell: limits, order and rates hold exactly. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openPool, type Pool } from '../adapters/postgres/sql.ts';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { Definition } from '../core/definition/schema.ts';
import type { TaskNode } from '../core/node-type.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import { newId, newName } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import { createEngine, type Engine } from './engine.ts';
import type { Start } from './starter.ts';

/** What the task itself sees of those beside it. */
const atWork = new Map<string, number>();
let most = 0;
const began: { key: string; n: number }[] = [];
let expected = 0;
let all = Promise.withResolvers<void>();

const count: TaskNode<{ key: string; n: number }> = {
  type: 'count',
  version: 1,
  description: 'Counts how many are at work beside it.',
  example: {},
  config: z.looseObject({}) as unknown as z.ZodType<{ key: string; n: number }>,
  ports: () => ['out'],
  effect: () => 'idempotent',
  run: async ({ key, n }) => {
    const now = (atWork.get(key) ?? 0) + 1;
    atWork.set(key, now);
    most = Math.max(most, now);
    began.push({ key, n });
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    atWork.set(key, (atWork.get(key) ?? 1) - 1);
    if (began.length === expected) all.resolve();
    return { output: n };
  },
};

let database: TestDatabase;
let sql: Pool;
const stores: Store[] = [];
const engines: Engine[] = [];

async function engine(roles: string[]): Promise<Engine> {
  const store = await openPostgresStore(database.url);
  stores.push(store);
  const nodeTypes = new Map([...createNodeTypes(ABSENT), ['count', count as TaskNode]]);
  const host = { name: newName(), pid: 1, isAlive: () => true };
  const sizes = { slots: 100, taskConcurrency: 50, commitBatch: 100, leaseMs: 20_000 };
  const secrets = { get: async () => undefined };
  return createEngine({ store, runtime: systemRuntime('silent'), secrets, nodeTypes, host, roles, ...sizes });
}

beforeAll(async () => {
  database = await testDatabase();
  sql = openPool(database.url, { max: 2 });
  for (const role of ['worker', 'worker', 'worker', 'scheduler', 'scheduler']) engines.push(await engine([role]));
  await Promise.all(engines.map((one) => one.start()));
});

afterAll(async () => {
  await Promise.all(engines.map((one) => one.stop(0)));
  await Promise.all(stores.map((store) => store.close()));
  await sql.end();
  await database.drop();
});

/** `counted`: those of one value of it are counted together. */
async function workflow(
  settings: Definition['settings'],
  counted = '{{ $trigger.key }}',
): Promise<(keys: readonly string[]) => Start[]> {
  const nodes = [{ id: 'count', type: 'count', config: { key: counted, n: '{{ $trigger.n }}' } }];
  const definition = { name: newName(), settings, nodes } as Definition;
  const base = { id: newId(), projectId: DEFAULT_PROJECT, status: 'active', triggers: [], now: Date.now() } as const;
  const { id: workflowId, version } = await (stores[0] as Store).workflows.create({ ...base, definition });
  return (keys) =>
    keys.map((key, n) => ({ projectId: DEFAULT_PROJECT, workflowId, version, triggerId: 't', trigger: { key, n } }));
}

/** Starts them through several processes, some at a time, and resolves when the task has begun for all of them. */
async function run(starts: readonly Start[], chunk: number): Promise<void> {
  most = 0;
  began.length = 0;
  expected = starts.length;
  all = Promise.withResolvers();
  for (let at = 0, turn = 0; at < starts.length; at += chunk, turn++) {
    await (engines[turn % engines.length] as Engine).starter.startMany(starts.slice(at, at + chunk));
  }
  await all.promise;
}

const keysOf = (length: number, keys: number) => Array.from({ length }, (_, n) => `k${n % keys}`);

test('a limit by key is never passed, whatever process starts, admits or works', async () => {
  const startsOf = await workflow({ concurrency: { limit: 3, key: '{{ $trigger.key }}' } });
  await run(startsOf(keysOf(300, 2)), 25);
  expect(began).toHaveLength(300);
  expect(most).toBeLessThanOrEqual(3);
  // The limit is used, too.
  expect(most).toBeGreaterThan(1);
});

test('of a session one is at work at a time, in the order in which they were accepted', async () => {
  const startsOf = await workflow({ session: '{{ $trigger.key }}' });
  await run(startsOf(keysOf(200, 8)), 5);
  expect(most).toBe(1);
  for (const session of Map.groupBy(began, ({ key }) => key).values()) {
    const order = session.map(({ n }) => n);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  }
});

test('a limit that hundreds of sessions share is never passed', async () => {
  const startsOf = await workflow({ session: '{{ $trigger.key }}', concurrency: { limit: 3 } }, 'all');
  await run(startsOf(keysOf(450, 300)), 50);
  expect(most).toBeLessThanOrEqual(3);
  expect(began.map(({ n }) => n).sort((a, b) => a - b)).toEqual(Array.from({ length: 450 }, (_, n) => n));
});

test('within any time of the rate no more are admitted than its limit, by the clock of the database', async () => {
  const [limit, perMs] = [20, 250];
  // Slots that have expired are tidied away; this keeps them for the test.
  await sql.unsafe(`
    create table admitted (expires_at bigint);
    create function keep() returns trigger language plpgsql as
      $$ begin insert into admitted values (new.expires_at); return new; end $$;
    create trigger keep after insert on flow_slots for each row execute function keep()`);
  const startsOf = await workflow({ rateLimit: { limit, per: '250ms' } });
  await run(startsOf(keysOf(100, 1)), 25);
  const rows = await sql`select expires_at from admitted where expires_at is not null order by expires_at`;
  const times = rows.map((row) => row.expires_at as number);
  expect(times).toHaveLength(100);
  for (let at = limit; at < times.length; at++) {
    expect((times[at] as number) - (times[at - limit] as number)).toBeGreaterThanOrEqual(perMs);
  }
});
