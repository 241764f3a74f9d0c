import { expect, test } from 'vitest';
import { testDatabase } from '../../testing/postgres.ts';
import { isUnavailable } from './failures.ts';
import { query } from './query.ts';
import { listen, openPool } from './sql.ts';

async function withPool<T>(use: (sql: ReturnType<typeof openPool>, url: string) => Promise<T>): Promise<T> {
  const database = await testDatabase();
  const sql = openPool(database.url, { max: 3 });
  try {
    return await use(sql, database.url);
  } finally {
    await sql.end();
    await database.drop();
  }
}

test('values are parameters, statements are spliced in', () =>
  withPool(async (sql) => {
    const text = "x'; drop table y; --";
    const part = sql`and ${text} = ${text}`;
    expect(await sql`select ${text} as text, ${5}::bigint as n where true ${part}`).toEqual([{ text, n: 5 }]);
  }));

test('a transaction commits whole or not at all', () =>
  withPool(async (sql) => {
    await sql`create table t (n int)`;
    expect(await sql.begin(async (tx) => (await tx`insert into t values (1) returning n`)[0]?.n)).toBe(1);
    const failed = sql.begin(async (tx) => {
      await Promise.all([tx`insert into t values (2)`, tx`insert into nowhere values (3)`]);
    });
    await expect(failed).rejects.toMatchObject({ code: '42P01' });
    expect(await sql`select n from t`).toEqual([{ n: 1 }]);
  }));

test('statements sent at once commit whole or not at all, and the connection serves on', () =>
  withPool(async (sql) => {
    await sql`create table t (n int primary key)`;
    const insert = (n: number) => query('insert into t values ($1) returning n', [n]);
    await sql.atOnce([insert(1), query('select pg_advisory_xact_lock(1)'), insert(2)]);
    const refusals = [
      [[insert(3), insert(1), insert(4)], '23505'],
      [[insert(3), query('insert into nowhere values (3)')], '42P01'],
      [[insert(3), query('update t set n = n / $1::int', [0])], '22012'],
    ] as const;
    for (const [queries, code] of refusals) await expect(sql.atOnce(queries)).rejects.toMatchObject({ code });
    await sql.atOnce([insert(5), query('update t set n = n / $1::int', [1])]);
    expect(await sql.begin((tx) => tx.unsafe('select n from t order by n'))).toEqual([{ n: 1 }, { n: 2 }, { n: 5 }]);
  }));

test('each statement sent at once sees what others have committed since the one before', () =>
  withPool(async (sql) => {
    await sql`create table t (n int)`;
    const other = await sql.reserve();
    await other`select pg_advisory_lock(7)`;
    const sent = sql.atOnce([query('select pg_advisory_xact_lock(7)'), query('select 1 / count(*) from t')]);
    await waitsForLock(sql);
    await other`insert into t values (1)`;
    await other`select pg_advisory_unlock(7)`;
    other.release();
    await sent;
  }));

async function waitsForLock(sql: ReturnType<typeof openPool>): Promise<void> {
  for (;;) {
    const [row] = await sql`
      select exists (select from pg_locks join pg_database d on d.oid = database
                      where datname = current_database() and not granted) as waits`;
    if (row?.waits) return;
  }
}

test('connections that are ended in a storm: what is refused is unavailable, and everything works again', () =>
  withPool(async (sql, url) => {
    const killer = openPool(url, { max: 1 });
    const outcomes = { done: 0, refused: 0 };
    const count = async (operation: PromiseLike<unknown>) => {
      try {
        await operation;
        outcomes.done += 1;
      } catch (error) {
        expect(isUnavailable(error), String(error)).toBe(true);
        outcomes.refused += 1;
      }
    };
    for (let round = 0; round < 60; round++) {
      const work = [0, 1, 2, 3].flatMap((n) => [
        count(sql`select ${n}::int, pg_sleep(0.002)`),
        count(sql.begin((tx) => Promise.all([tx`select pg_sleep(0.002)`, tx`select ${n}::int`]))),
        count(sql.atOnce([query('select pg_sleep(0.002)'), query('select $1::int', [n])])),
      ]);
      await killer`
        select pg_terminate_backend(pid) from pg_stat_activity
         where pid <> pg_backend_pid() and datname = current_database() and random() < 0.5`;
      await Promise.all(work);
    }
    expect(outcomes.refused).toBeGreaterThan(0);
    expect(outcomes.done).toBeGreaterThan(0);
    for (let n = 0; n < 10; n++) await count(sql`select 1`);
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await killer.end();
  }));

test('who is silent in the middle of a transaction loses it, and its rows are free for others', () =>
  withPool(async (sql) => {
    await sql`create table t as select 1 as n`;
    expect((await sql`show idle_in_transaction_session_timeout`)[0]).toEqual({
      idle_in_transaction_session_timeout: '5s',
    });
    const silent = sql.begin(async (tx) => {
      await tx`set local idle_in_transaction_session_timeout = 50`;
      await tx`update t set n = 2`;
      await sql`update t set n = 3`;
      await tx`select 1`;
    });
    const error = await silent.catch((thrown) => thrown);
    expect(isUnavailable(error), String(error)).toBe(true);
    expect(await sql`select n from t`).toEqual([{ n: 3 }]);
  }));

test('a listener hears, also after its connection was ended', () =>
  withPool(async (sql, url) => {
    let connected: () => void = () => undefined;
    let heard: () => void = () => undefined;
    const listener = await listen(
      url,
      'bell',
      () => heard(),
      () => connected(),
    );
    const again = new Promise<void>((resolve) => (connected = resolve));
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen bell'`;
    await again;
    const bell = new Promise<void>((resolve) => (heard = resolve));
    await sql`select pg_notify('bell', '')`;
    await bell;
    await listener.close();
  }));
