/** Three schedulers on one PostgreSQL, one of which is cut off in the middle: each time starts one execution. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool, type Pool } from '../adapters/postgres/sql.ts';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import { definition, newId, newName, newWorkflow } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import { createEngine, type Engine } from './engine.ts';

const SCHEDULES = 8;
/** Times of each that are counted. */
const TIMES = 6;

let database: TestDatabase;
let sql: Pool;
const stores: Store[] = [];
const engines: Engine[] = [];

beforeAll(async () => {
  database = await testDatabase();
  sql = openPool(database.url, { max: 2 });
});

afterAll(async () => {
  await Promise.all(engines.map((one) => one.stop(0)));
  await Promise.all(stores.map((store) => store.close()));
  await sql.end();
  await database.drop();
});

function engine(store: Store): Engine {
  const engine = createEngine({
    ...{ store, runtime: systemRuntime('silent'), nodeTypes: createNodeTypes(ABSENT), roles: ['scheduler'] },
    ...{ slots: 100, taskConcurrency: 10, commitBatch: 100, leaseMs: 20_000 },
    secrets: { get: async () => undefined },
    host: { name: newName(), pid: 1, isAlive: () => true },
  });
  engines.push(engine);
  return engine;
}

async function open(name: string): Promise<Store> {
  const store = await openPostgresStore(`${database.url}?application_name=${name}`);
  stores.push(store);
  return store;
}

test('each time of each schedule starts one execution, whoever is cut off', async () => {
  const [first, second, doomed] = [await open('first'), await open('second'), await open('doomed')];
  const cut = Promise.withResolvers<void>();
  const over = Promise.withResolvers<never>();
  const { schedules } = doomed;
  /** Its second round is everything but written: then it stands still until its connections were ended. */
  let rounds = 0;
  const stopped: Store = {
    ...doomed,
    schedules: {
      ...schedules,
      take: (now, limit, fire) =>
        schedules.take(now, limit, async (due) => {
          const fired = await fire(due);
          rounds += 1;
          if (rounds !== 2) return fired;
          cut.resolve();
          return await over.promise;
        }),
    },
  };
  // Alone until then: beside others it might never have a second.
  await engine(stopped).start();
  const done = Promise.withResolvers<void>();
  const counts = async () => {
    const rows = await sql`
      select e.workflow_id, (v.data -> 'trigger' ->> 'scheduledAt') as at, count(*)::int as n
        from workflow_executions e join events v on v.stream_id = e.id and v.seq = 1
       group by 1, 2`;
    const byWorkflow = Map.groupBy(rows, (row) => row.workflow_id as string);
    if (byWorkflow.size === SCHEDULES && [...byWorkflow.values()].every((all) => all.length >= TIMES)) done.resolve();
    return rows;
  };
  await first.listen((news) => {
    if (news === 'work') void counts();
  });
  for (let n = 0; n < SCHEDULES; n += 1) {
    const triggers = [{ id: newId(), name: 'often', type: 'schedule', config: { every: '1s' } }];
    await second.workflows.create(
      newWorkflow({ definition: definition(newName()), status: 'active', triggers, now: Date.now() }),
    );
  }
  await cut.promise;
  await Promise.all([first, second].map((store) => engine(store).start()));
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'doomed'`;
  over.reject(new Error('cut off'));
  await done.promise;
  for (const { workflowId } of await first.workflows.triggers(DEFAULT_PROJECT)) {
    await first.workflows.setStatus(DEFAULT_PROJECT, workflowId, 'paused', Date.now());
  }
  const rows = await counts();
  expect(rows.filter((row) => row.n !== 1)).toEqual([]);
  // None is left out either: the times of each are one second apart.
  for (const all of Map.groupBy(rows, (row) => row.workflow_id as string).values()) {
    const times = all.map((row) => Date.parse(row.at as string)).sort((a, b) => a - b);
    expect(times.map((at) => at - (times[0] as number))).toEqual(times.map((_, index) => index * 1_000));
  }
});
