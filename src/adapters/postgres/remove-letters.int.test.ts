/** Two transactions at once: a file that goes, and one that is put. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import { type TestDatabase, testDatabase } from '../../testing/postgres.ts';
import { removeFiles } from './remove-letters.ts';
import { openPool, type Pool } from './sql.ts';
import { openPostgresStore } from './store.ts';

const HOUR = 3_600_000;
const data = Buffer.from('a message');
const hash = createHash('sha256').update(data).digest('hex');
const file = { projectId: DEFAULT_PROJECT, mediaType: 'application/octet-stream', data, isUpload: false };
let database: TestDatabase;
let store: Store;
let sql: Pool;

beforeEach(async () => {
  database = await testDatabase();
  store = await openPostgresStore(database.url);
  sql = openPool(database.url, { max: 4 });
  await store.files.put(file);
  await sql`update files set used_at = now() - interval '2 days'`;
});
afterEach(async () => {
  await sql.end();
  await store.close();
  await database.drop();
});

const isThere = async () => (await store.files.find(DEFAULT_PROJECT, [hash])).length === 1;
const yesterday = () => Date.now() - 24 * HOUR;
const waiting = async () => (await sql`select count(*) as count from pg_locks where not granted`)[0]?.count > 0;

test('one that is put while it goes is there again', async () => {
  let put: Promise<unknown> = Promise.resolve();
  await sql.begin(async (tx) => {
    expect(await removeFiles(tx, yesterday(), 10)).toBe(1);
    put = store.files.put(file);
    while (!(await waiting())) await new Promise(setImmediate);
  });
  await put;
  expect(await isThere()).toBe(true);
  expect(await store.retention.removeFiles(yesterday(), 10)).toBe(0);
});

test('one that is about to be put does not go', async () => {
  await sql.begin(async (tx) => {
    await tx`update files set used_at = now()`;
    expect(await store.retention.removeFiles(yesterday(), 10)).toBe(0);
  });
  expect(await isThere()).toBe(true);
});

test('one that was read lately stays', async () => {
  await store.files.get(DEFAULT_PROJECT, hash);
  expect(await store.retention.removeFiles(yesterday(), 10)).toBe(0);
  await sql`update files set used_at = now() - interval '2 days'`;
  expect(await store.retention.removeFiles(yesterday(), 10)).toBe(1);
  expect(await isThere()).toBe(false);
});
