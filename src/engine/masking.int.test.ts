/** Over real PostgreSQL: no row of any table, and no line of the log, holds what a workflow masks. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPool } from '../adapters/postgres/sql.ts';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { createLog, systemRuntime } from '../adapters/runtime/system.ts';
import type { Definition } from '../core/definition/schema.ts';
import { MyelinError } from '../core/errors.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import { execution } from '../testing/api.ts';
import { definition, newId, newName, newWorkflow } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import { createEngine, type Engine } from './engine.ts';

const TEXT = 'canary@example.com paid with 4111 1111 1111 1111';
const CANARIES = /canary|4111/;

let database: TestDatabase;
let store: Store;
let engine: Engine;
let log: string[];

beforeEach(async () => {
  database = await testDatabase();
  store = await openPostgresStore(database.url);
  log = [];
  const lines = createLog('debug', ['email', 'card'], { write: (line) => log.push(line) });
  const runtime = { ...systemRuntime('silent'), log: lines };
  // What the sandbox answers comes from outside, and so does the error with which it fails.
  const run = async (): Promise<never> => {
    runtime.log.error({ error: { message: TEXT } }, `it broke: ${TEXT}`);
    throw new MyelinError('code_failed', TEXT, { line: TEXT });
  };
  const sandbox = { run, stop: async () => undefined };
  engine = createEngine({
    ...{ store, runtime, secrets: { get: async () => undefined }, nodeTypes: createNodeTypes({ ...ABSENT, sandbox }) },
    ...{ host: { name: newId(), pid: 1, isAlive: () => true }, roles: ['worker'] },
    ...{ slots: 10, taskConcurrency: 1, commitBatch: 10, leaseMs: 20_000 },
  });
  await engine.start();
});

afterEach(async () => {
  await engine.stop(0);
  await store.close();
  await database.drop();
});

/** Every row of every table as text. */
async function dump(): Promise<string> {
  const sql = openPool(database.url, { max: 1 });
  try {
    const tables =
      await sql`select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`;
    const rows = [];
    for (const { relname } of tables) rows.push(await sql.unsafe(`select t::text as row from "${relname}" t`));
    return JSON.stringify(rows);
  } finally {
    await sql.end();
  }
}

/** Starts a workflow with these settings on a trigger that has both, and answers the id of the execution. */
async function begin(settings: Definition['settings']): Promise<string> {
  const nodes = [{ id: 'c', type: 'code', config: { source: 'return $json' } }];
  const workflow = newWorkflow({ definition: { ...definition(newName(), { nodes }), settings }, status: 'active' });
  await store.workflows.create(workflow);
  const start = { projectId: DEFAULT_PROJECT, workflowId: workflow.id, version: 1, triggerId: 'api' };
  return (await engine.starter.start({ ...start, trigger: { text: TEXT } })).executionId;
}

test.each([true, false])('the trigger, and the lane that is made of it; masked: %s', async (events) => {
  const mask = { rules: ['email' as const, 'card' as const], events };
  // Held, since nobody admits it here: the ticket lies there.
  await begin({ mask, concurrency: { limit: 1, key: '{{ $trigger.text }}' } });
  const rows = await dump();
  expect(rows).toContain(events ? '[email] paid with [card]' : TEXT);
  if (events) expect(rows).not.toMatch(CANARIES);
});

test('an error and what is logged of it', async () => {
  const executionId = await begin({ mask: { rules: ['email', 'card'] } });
  const row = await execution({ store, engine }, executionId);
  const error = { code: 'code_failed', message: 'c: [email] paid with [card]' };
  expect(row).toMatchObject({ status: 'failed', error });
  expect(await dump()).not.toMatch(CANARIES);
  expect(log.join('')).toContain('it broke: [email] paid with [card]');
  expect(log.join('')).not.toMatch(CANARIES);
});
