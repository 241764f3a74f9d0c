/** An outbox table of a real PostgreSQL, under the suite of all brokers. */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgres as connection } from '../../core/connections/types/postgres.ts';
import { MyelinError } from '../../core/errors.ts';
import type { ReceivedMessage, Subscription } from '../../ports/brokers.ts';
import { brokerSuite, type Site } from '../../testing/brokers.suite.ts';
import { testEgress } from '../../testing/egress.ts';
import { newName } from '../../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../../testing/postgres.ts';
import { UNHEARD } from '../../testing/unheard.ts';
import { tableBroker } from './table-broker.ts';

const egress = testEgress();
let database: TestDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
  database = await testDatabase();
  sql = postgres(database.url, { max: 2, onnotice: () => undefined });
});
afterAll(async () => {
  await egress.close();
  await sql.end();
  await database.drop();
});

function configOf() {
  const { hostname: host, port, username: user, password, pathname } = new URL(database.url);
  const of = { host, port: Number(port), user, password: decodeURIComponent(password), database: pathname.slice(1) };
  return connection.config.parse({ ...of, tls: 'off' });
}

async function makeTable(): Promise<string> {
  const name = `t_${newName().replaceAll('-', '_')}`;
  await sql.unsafe(`create table ${name} (id bigint generated always as identity primary key, payload text, key text,
    headers jsonb, created_at timestamptz not null default clock_timestamp())`);
  return name;
}

async function siteOf(): Promise<Site> {
  return {
    config: configOf(),
    make: makeTable,
    trigger: (table) => ({ table, channel: 'outbox', every: '1s', batch: 50 }),
    send: async (table, messages) => {
      const rows = messages.map(({ value, key = null, headers = {} }) => ({ value, key, headers }));
      await sql`
        insert into ${sql(table)} (payload, key, headers)
        select r ->> 'value', r ->> 'key', r -> 'headers' from jsonb_array_elements(${JSON.stringify(rows)}::text::jsonb) r`;
      await sql`notify outbox`;
    },
    close: async () => undefined,
  };
}

describe('table', () => {
  brokerSuite({
    create: () => tableBroker(egress),
    site: siteOf,
    large: async () => ({ site: await siteOf(), place: await makeTable(), dispose: async () => undefined }),
    isOrdered: true,
  });

  /** Reads until it is stopped; `taken` are the ids of rows. */
  function listen(table: string, over: Partial<Subscription> = {}, more: object = {}) {
    const taken: ReceivedMessage[] = [];
    const [listening, over_] = [Promise.withResolvers<void>(), new AbortController()];
    const lags: number[] = [];
    const done = tableBroker(egress).consume(
      {
        ...{ connection: { id: 'c', updatedAt: 1, config: configOf() }, group: 'g', batch: 2 },
        config: { table, every: '1h', channel: 'outbox', ...more },
        ...UNHEARD,
        take: async () => undefined,
        takeNow: async (messages) => void taken.push(...messages),
        listening: () => listening.resolve(),
        lag: (count) => void lags.push(count),
        ...over,
      },
      over_.signal,
    );
    return { taken, lags, listening: listening.promise, done, stop: () => over_.abort() };
  }

  test('rows are deleted when they are taken, and stay where they are not', async () => {
    const table = await makeTable();
    await sql`insert into ${sql(table)} (payload, key) select n, 'k' from generate_series(1, 5) n`;
    const refusing = listen(table, { takeNow: () => Promise.reject(new Error('no')) });
    await expect(refusing.done).rejects.toMatchObject({ code: 'connection_failed' });
    expect((await sql`select count(*)::int as n from ${sql(table)}`)[0]?.n).toBe(5);
    const { taken, lags, listening, done, stop } = listen(table);
    await listening;
    await expect.poll(() => lags).toEqual([3, 1, 0]);
    expect(taken.map(({ key, place }) => [key, place])).toEqual(
      ['1', '2', '3', '4', '5'].map((id) => ['k', { table, id }]),
    );
    expect((await sql`select count(*)::int as n from ${sql(table)}`)[0]?.n).toBe(0);
    stop();
    await done;
  });

  test('nothing is locked while there is no room, and what the store does not take is let go', async () => {
    const table = await makeTable();
    await sql`insert into ${sql(table)} (payload) values ('1'), ('2')`;
    const unlocked = async () => (await sql`select id from ${sql(table)} for update skip locked`).length;
    const [asked, room] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const seen: number[] = [];
    let isAway = true;
    const { listening, done, stop } = listen(table, {
      ready: async () => {
        asked.resolve();
        await room.promise;
        seen.push(await unlocked());
      },
      takeNow: async () => {
        seen.push(await unlocked());
        if (isAway) throw new MyelinError('store_unavailable');
      },
    });
    await asked.promise;
    expect(await unlocked()).toBe(2);
    const inTransaction = await sql`
      select from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`;
    expect(inTransaction).toHaveLength(0);
    room.resolve();
    await listening;
    await expect.poll(() => seen.length).toBeGreaterThan(3);
    isAway = false;
    await expect.poll(async () => (await sql`select from ${sql(table)}`).length).toBe(0);
    expect(seen.slice(0, 4)).toEqual([2, 0, 2, 0]);
    stop();
    await done;
  });

  test('large rows are taken as far as they fit', async () => {
    const table = await makeTable();
    await sql`insert into ${sql(table)} (payload) select repeat('x', 6 * 1024 * 1024) from generate_series(1, 7)`;
    await sql`insert into ${sql(table)} (payload) values (null)`;
    const batches: unknown[][] = [];
    const { done, stop } = listen(table, {
      batch: 100,
      takeNow: async (rows) => {
        batches.push(rows.map(({ place }) => Number(place.id)));
        if (batches.flat().length === 8) stop();
      },
    });
    await done;
    expect(batches).toEqual([[1, 2, 3, 8], [4, 5, 6], [7]]);
    expect((await sql`select count(*)::int as n from ${sql(table)}`)[0]?.n).toBe(0);
  });

  test('a channel wakes it long before it would look', async () => {
    const table = await makeTable();
    const { taken, listening, done, stop } = listen(table);
    await listening;
    await sql`insert into ${sql(table)} (payload) values ('1')`;
    await sql`notify outbox`;
    await expect.poll(() => taken.length).toBe(1);
    stop();
    await done;
  });

  test('a table needs an id and a payload only', async () => {
    const table = `t_${newName().replaceAll('-', '_')}`;
    await sql.unsafe(`create table ${table} (id uuid primary key default gen_random_uuid(), payload jsonb)`);
    await sql.unsafe(`insert into ${table} (payload) values ('{"a":1}')`);
    const { taken, listening, done, stop } = listen(table);
    await listening;
    expect(taken.map(({ value, key, headers }) => [String(value), key, headers])).toEqual([['{"a": 1}', null, {}]]);
    stop();
    await done;
  });

  test('what is wrong is said', async () => {
    await expect(listen('gone').done).rejects.toMatchObject({ code: 'query_failed', message: /"gone" does not exist/ });
    const connectionOf = (more: object) => ({ id: 'c', updatedAt: 1, config: { ...configOf(), ...more } });
    const nobody = listen('gone', { connection: connectionOf({ database: 'nowhere' }) });
    await expect(nobody.done).rejects.toMatchObject({ code: 'connection_denied' });
    const closed = listen('gone', { connection: connectionOf({ port: 1 }) });
    await expect(closed.done).rejects.toMatchObject({ code: 'connection_failed' });
    expect(() => tableBroker(egress).sender({ id: 'c', updatedAt: 1, config: {} })).toThrow('postgres.insert');
  });

  test('one that is cut off says so', async () => {
    const table = await makeTable();
    const { listening, done } = listen(table);
    await listening;
    const ended = expect(done).rejects.toMatchObject({ code: 'database_busy' });
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'myelin'`;
    await ended;
  });
});
