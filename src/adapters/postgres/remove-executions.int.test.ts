/** What the suite cannot see: two transactions at once, and whole months. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NewDelivery } from '../../ports/deliveries.ts';
import type { Store } from '../../ports/store.ts';
import { endedCreation, executionCreated, newId } from '../../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../../testing/postgres.ts';
import { lockBlobs } from './blob-lock.ts';
import { bound } from './partitions.ts';
import { openPool, type Pool, runAll } from './sql.ts';
import { openPostgresStore } from './store.ts';

let database: TestDatabase;
let store: Store;
let sql: Pool;

beforeEach(async () => {
  database = await testDatabase();
  store = await openPostgresStore(database.url);
  sql = openPool(database.url, { max: 4 });
});
afterEach(async () => {
  await sql.end();
  await store.close();
  await database.drop();
});

const count = async (from: string) => (await sql.unsafe(`select count(*) as count from ${from}`))[0]?.count;

test('a payload that a commit on its way has too is not removed from under it', async () => {
  const projectId = newId();
  const first = endedCreation({ projectId, events: [executionCreated('x'.repeat(100_000))] });
  await store.executions.commit([first]);
  let removed: Promise<boolean> = Promise.resolve(false);
  const late = newId();
  await sql.begin(async (tx) => {
    // What a commit does that finds the content there already.
    await runAll(tx, [lockBlobs('to write')]);
    removed = store.executions.delete(projectId, first.executionId);
    while ((await count('pg_locks where not granted')) === 0) await new Promise(setImmediate);
    await tx`insert into events (stream_id, seq, project_id, type, at, blob)
             select ${late}, 1, ${projectId}, type, at, blob from events where stream_id = ${first.executionId}`;
  });
  expect(await removed).toBe(true);
  const [event] = await store.executions.events(projectId, late, 0, 1);
  expect(event?.data).toEqual(first.events[0]?.data);
});

const said = JSON.stringify({ text: 'z'.repeat(100_000) });

function webhook(projectId: string, executionId: string): NewDelivery {
  return {
    ...{ id: newId(), projectId, executionId, path: 'tell', attempt: 1, connection: 'partner', type: 'order.created' },
    ...{ messageId: 'msg_1', repeats: null, status: 200, error: null, response: '', durationMs: 1, at: 1 },
  };
}

test('what webhooks said goes with the last of them', async () => {
  const projectId = newId();
  const [one, two] = [endedCreation({ projectId }), endedCreation({ projectId })];
  await store.executions.commit([one, two]);
  const [first, again, other] = [one, one, two].map(({ executionId }) => webhook(projectId, executionId));
  for (const each of [first, again, other]) await store.deliveries.note(each as NewDelivery, said);
  expect(await count('blobs')).toBe(1);
  await store.executions.delete(projectId, one.executionId);
  expect((await store.deliveries.get(projectId, other?.id ?? ''))?.said?.data).toBe(said);
  await store.executions.delete(projectId, two.executionId);
  expect([await count('blobs'), await count('webhook_deliveries')]).toEqual([0, 0]);
});

test('a payload that is also what a webhook said stays for it', async () => {
  const projectId = newId();
  const one = endedCreation({ projectId, events: [executionCreated('z'.repeat(100_000))] });
  await store.executions.commit([one]);
  const same = JSON.stringify(one.events[0]?.data);
  const sent = webhook(projectId, newId());
  await store.deliveries.note(sent, same);
  expect(await count('blobs')).toBe(1);
  await store.executions.delete(projectId, one.executionId);
  expect((await store.deliveries.get(projectId, sent.id))?.said?.data).toBe(same);
});

test('nothing is left of an execution that was removed', async () => {
  const projectId = newId();
  const key = { key: 'k', expiresAt: Date.now() + 60_000 };
  const one = endedCreation({ projectId, events: [executionCreated('y'.repeat(100_000))] }, { key });
  await store.executions.commit([{ ...one, arm: [{ timerId: newId(), at: 1 }] }]);
  const tables = ['workflow_executions', 'events', 'blobs', 'signals', 'timers', 'idempotency_keys'];
  expect(await store.executions.delete(projectId, one.executionId)).toBe(true);
  for (const table of tables) expect([table, await count(table)]).toEqual([table, 0]);
});

async function month(year: number, index: number): Promise<{ name: string; id: string }> {
  const [from, to] = [Date.UTC(year, index), Date.UTC(year, index + 1)];
  const name = `events_${new Date(from).toISOString().slice(0, 7).replace('-', '_')}`;
  await sql.unsafe(`create table ${name} partition of events for values from ('${bound(from)}') to ('${bound(to)}')`);
  return { name, id: bound(from + 1_000) };
}

test('a month is dropped when all its executions are gone, and never before', async () => {
  const [empty, used, living] = [await month(2021, 3), await month(2021, 4), await month(2021, 5)];
  const projectId = newId();
  const old = endedCreation({ projectId, executionId: used.id });
  await store.executions.commit([old, endedCreation({ executionId: living.id, status: 'waiting' })]);
  expect(await store.retention.dropMonths()).toEqual([empty.name]);
  await store.executions.delete(projectId, old.executionId);
  expect(await store.retention.dropMonths()).toEqual([used.name]);
  expect(await count(living.name)).toBe(3);
});

test('a month without events stays as long as it has an execution', async () => {
  const { name, id } = await month(2021, 6);
  await store.executions.commit([endedCreation({ executionId: id, status: 'waiting' })]);
  await sql.unsafe(`delete from ${name}`);
  expect(await store.retention.dropMonths()).toEqual([]);
});

test('a month that somebody reads is left for the next time', async () => {
  const { name } = await month(2021, 7);
  await sql.begin(async (tx) => {
    await tx.unsafe(`select count(*) from events`);
    expect(await store.retention.dropMonths()).toEqual([]);
  });
  expect(await store.retention.dropMonths()).toEqual([name]);
});

test('the present month and the next stay, empty as they are', async () => {
  expect(await count('events')).toBe(0);
  expect(await store.retention.dropMonths()).toEqual([]);
  expect(await count("pg_inherits where inhparent = 'events'::regclass")).toBe(3);
});

test('a pass is free again when its process was not heard of for a minute', async () => {
  expect(await store.retention.begin(0)).toBe(true);
  await sql`update retention_pass set heard_at = now() - interval '59 s'`;
  expect(await store.retention.begin(0)).toBe(false);
  await sql`update retention_pass set heard_at = now() - interval '61 s'`;
  expect(await store.retention.begin(0)).toBe(true);
});
