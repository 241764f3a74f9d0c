import postgres from 'postgres';
import { expect, test } from 'vitest';
import { testDatabase } from './postgres.ts';

test('two test databases know nothing of each other, and a dropped one is gone with its connections', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
  const first = postgres(one.url, { max: 1 });
  const second = postgres(two.url, { max: 1 });
  await first`create table only_here (id int)`;
  const [row] = await second`select to_regclass('only_here') as found`;
  expect(row).toEqual({ found: null });

  await one.drop();
  await expect(first`select 1`).rejects.toThrow();
  const [left] =
    await second`select count(*)::int from pg_database where datname = ${new URL(one.url).pathname.slice(1)}`;
  expect(left).toEqual({ count: 0 });
  await Promise.all([first.end({ timeout: 0 }), second.end()]);
  await two.drop();
});
