import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../testing/postgres.ts';
import { STALE, schemaText } from '../../testing/schema-text.ts';
import { migrate } from './migrate.ts';
import { openPool, type Pool } from './sql.ts';

let database: TestDatabase;
let sql: Pool;

beforeEach(async () => {
  database = await testDatabase();
  sql = openPool(database.url, { max: 1 });
});

afterEach(async () => {
  await sql.end();
  await database.drop();
});

const file = readFileSync(new URL('./schema.sql', import.meta.url), 'utf8').replaceAll('\r\n', '\n');

test('schema.sql is what the migrations make', async () => {
  await migrate(sql);
  expect(file, STALE).toBe(await schemaText(sql));
});

test('schema.sql makes the schema it tells of', async () => {
  await sql.unsafe(file);
  expect(await schemaText(sql)).toBe(file);
});
