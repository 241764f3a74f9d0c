import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestDatabase } from '../../testing/postgres.ts';
import { testDatabase } from '../../testing/postgres.ts';
import { migrate } from './migrate.ts';
import { openPool, type Pool } from './sql.ts';

let database: TestDatabase;
let sql: Pool;
let folder: string;

const FILES = {
  '0001_first.sql': 'create table first (id int);\ncreate index on first (id);\n',
  '0002_second.sql':
    'insert into first values (1);\ncreate function f() returns int language sql as $$ select 1; $$;\n',
};

beforeEach(async () => {
  database = await testDatabase();
  sql = openPool(database.url, { max: 4 });
  folder = mkdtempSync(join(tmpdir(), 'myelin-migrate-'));
  write(FILES);
});

afterEach(async () => {
  await sql.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

const url = () => pathToFileURL(`${folder}/`);
const run = () => migrate(sql, url());
const applied = async () =>
  (await sql`select version, name from schema_migrations order by 1`).map((row) => ({ ...row }));

test('an empty database gets every file in order, a second run does nothing', async () => {
  expect(await run()).toEqual({ from: 0, to: 2 });
  expect(await applied()).toEqual([
    { version: 1, name: '0001_first.sql' },
    { version: 2, name: '0002_second.sql' },
  ]);
  expect(await run()).toEqual({ from: 2, to: 2 });
});

test('a new file is applied alone', async () => {
  await run();
  write({ '0003_third.sql': 'create table third (id int)', 'notes.txt': 'not a migration' });
  expect(await run()).toEqual({ from: 2, to: 3 });
  expect(await sql`select count(*)::int from first`).toEqual([{ count: 1 }]);
});

test('a file that fails leaves what came before, and nothing of itself', async () => {
  write({ '0003_broken.sql': 'create table third (id int); select * from nowhere;' });
  await expect(run()).rejects.toMatchObject({
    code: 'internal',
    message: 'Migration 0003_broken.sql failed: relation "nowhere" does not exist',
  });
  expect(await applied()).toHaveLength(2);
  expect(await sql`select to_regclass('third') as found`).toEqual([{ found: null }]);

  write({ '0003_broken.sql': 'create table third (id int)' });
  expect(await run()).toEqual({ from: 2, to: 3 });
});

test('of two processes at once one migrates and the other waits', async () => {
  const other = openPool(database.url, { max: 1 });
  const results = await Promise.all([run(), migrate(other, url())]);
  await other.end();
  expect(results.toSorted((a, b) => a.from - b.from)).toEqual([
    { from: 0, to: 2 },
    { from: 2, to: 2 },
  ]);
});

test('who waits holds nothing up: the lock is free after a failure, and a pool of one connection is enough', async () => {
  write({ '0003_broken.sql': 'nonsense' });
  const single = openPool(database.url, { max: 1 });
  await expect(migrate(single, url())).rejects.toThrow('0003_broken.sql');
  const locks = await single`
    select count(*)::int from pg_locks l join pg_database d on d.oid = l.database
     where l.locktype = 'advisory' and d.datname = current_database()`;
  expect(locks).toEqual([{ count: 0 }]);
  await single.end();
});

test('a database that is ahead is refused, naming both versions', async () => {
  await run();
  await sql`insert into schema_migrations (version, name, checksum) values (7, '0007_future.sql', 'x')`;
  await expect(run()).rejects.toMatchObject({
    code: 'schema_newer',
    message: expect.stringMatching(/version 7.* up to 2/),
    data: { database: 7, newest: 2 },
  });
});

test('an applied file that was changed is refused by name; other line ends are no change', async () => {
  await run();
  write({ '0001_first.sql': FILES['0001_first.sql'].replaceAll('\n', '\r\n') });
  expect(await run()).toEqual({ from: 2, to: 2 });
  write({ '0001_first.sql': 'create table first (id bigint)' });
  await expect(run()).rejects.toMatchObject({
    code: 'config_refused',
    message: expect.stringContaining('0001_first.sql was changed'),
  });
});

test('a file that comes in below an applied one, or goes away, is refused', async () => {
  await run();
  write({ '0000_late.sql': 'create table late (id int)' });
  await expect(run()).rejects.toMatchObject({ code: 'config_refused', message: expect.stringContaining('0000_late') });
  unlinkSync(join(folder, '0000_late.sql'));
  unlinkSync(join(folder, '0001_first.sql'));
  await expect(run()).rejects.toMatchObject({ code: 'config_refused', message: expect.stringContaining('0001_first') });
});

test.each([
  ['0002_twin.sql', 'Two migrations have number 2'],
  ['3_short.sql', '3_short.sql is no name'],
])('a folder with %s is refused before anything runs', async (name, message) => {
  write({ [name]: 'select 1' });
  await expect(run()).rejects.toThrow(message);
  expect(await sql`select to_regclass('first') as found`).toEqual([{ found: null }]);
});
