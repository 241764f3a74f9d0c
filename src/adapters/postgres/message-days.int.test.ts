/** What groups of event triggers lose with days of the log, where somebody is in the way of it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import { HOUR, NOW, newId, newName, newWorkflow } from '../../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../../testing/postgres.ts';
import { openPool, type Pool } from './sql.ts';
import { openPostgresStore } from './store.ts';

const LATER = Date.now() + 10 * 24 * HOUR;

let database: TestDatabase;
let store: Store;
let sql: Pool;

beforeEach(async () => {
  database = await testDatabase();
  store = await openPostgresStore(database.url);
  sql = openPool(database.url, { max: 2 });
});

afterEach(async () => {
  await Promise.all([store.close(), sql.end()]);
  await database.drop();
});

/** Runs `work` while another transaction has done this. */
async function beside(statement: string, work: () => Promise<void>): Promise<void> {
  await sql.begin(async (tx) => {
    await tx.unsafe(`set local idle_in_transaction_session_timeout = 0; ${statement}`);
    await work();
  });
}

/** A paused group with one message before it that the relay has delivered. */
async function paused() {
  const [type, id] = [newName(), newId()];
  const triggers = [{ id, name: 'on', type: 'event', config: { event: type } }];
  const workflow = await store.workflows.create(newWorkflow({ status: 'active', triggers }));
  await store.workflows.setStatus(DEFAULT_PROJECT, workflow.id, 'paused', NOW);
  const event = { specversion: '1.0' as const, id: newId(), source: '/test', type };
  await store.messages.add([{ projectId: DEFAULT_PROJECT, event }]);
  const deliver = async (messages: readonly { id: number }[]) => ({ done: messages.map((one) => one.id), putOff: [] });
  while ((await store.messages.relay(NOW, 100, deliver)) !== 0);
  return { gone: async () => (await store.eventGroups.get(DEFAULT_PROJECT, id))?.gone };
}

const left = () => store.messages.count({ projectId: DEFAULT_PROJECT });

test('a day goes also where nobody can tell what groups lose with it', async () => {
  const { gone } = await paused();
  await beside('lock table event_group_places in access exclusive mode', () => store.messages.forget(LATER));
  expect(await left()).toBe(0);
  expect(await gone()).toBe(0);
});

test('what cannot go yet is counted when it goes, once', async () => {
  const { gone } = await paused();
  await sql`update messages set created_at = created_at - interval '1000 days'`;
  await beside('select from messages_default for update', () => store.messages.forget(LATER));
  expect([await left(), await gone()]).toEqual([1, 0]);
  await store.messages.forget(LATER);
  expect([await left(), await gone()]).toEqual([0, 1]);
});
