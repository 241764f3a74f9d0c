/** The nodes of PostgreSQL, against a real server: what they write and read, and what they say when it goes wrong. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDatabases } from '../../adapters/connections/databases.ts';
import type { TaskContext } from '../../core/node-type.ts';
import { testEgress } from '../../testing/egress.ts';
import { type TestDatabase, testDatabase } from '../../testing/postgres.ts';
import { testTask } from '../../testing/task.ts';
import { type PostgresInsertConfig, postgresInsertConfig, postgresInsertNode } from './insert.ts';
import { type PostgresQueryConfig, postgresQueryConfig, postgresQueryNode } from './query.ts';

const egress = testEgress();
const databases = createDatabases(egress);
let database: TestDatabase;
let sql: postgres.Sql;
let reach: { host: string; port: number; database: string; user: string; password: string; tls: string };

beforeAll(async () => {
  database = await testDatabase();
  sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  const { hostname: host, port, username, password, pathname } = new URL(database.url);
  const [user, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
  reach = { host, port: Number(port), user, password: secret, database: pathname.slice(1), tls: 'off' };
});
afterAll(async () => {
  await databases.stop();
  await egress.close();
  await sql.end();
  await database.drop();
});
beforeEach(async () => {
  await sql.unsafe(`drop schema if exists shop cascade; create schema shop;
    create table shop.orders (id bigint primary key, total numeric(12,2) not null default 1, "Of" text, tags text[],
      paid timestamptz, raw bytea, extra jsonb)`);
});

type Query = Omit<PostgresQueryConfig, 'connection'>;
type Insert = Partial<Omit<PostgresInsertConfig, 'connection'>>;
const task = (over: Partial<TaskContext> = {}, config: object = {}) =>
  testTask({ db: ['postgres', { ...reach, ...config }] }, over);

async function query(config: Query, over?: Partial<TaskContext>, other?: object) {
  const checked = postgresQueryConfig.parse({ connection: 'db', ...config });
  return (await postgresQueryNode(databases).run(checked, task(over, other))).output;
}

async function insert(config: Insert, over?: Partial<TaskContext>) {
  const checked = postgresInsertConfig.parse({ connection: 'db', table: 'shop.orders', ...config });
  return (await postgresInsertNode(databases).run(checked, task(over))).output;
}

describe('query', () => {
  test('gives values as parameters, and reads them back as JSON', async () => {
    const text = `select $1::bigint + 1 as big, $2::numeric as exact, $3 = any($4::text[]) as found, $5::jsonb as doc,
      $6::timestamptz as at, '\\x00ff'::bytea as raw, null as nothing, array[1, null] as list, interval '90 min' as span`;
    const params = ['9007199254740993', 0.1, "a'b", ["a'b", 'c'], { a: [1] }, '2026-03-01T01:00:00.000001+01:00'];
    expect(await query({ sql: text, params })).toEqual({
      rows: [
        {
          ...{ big: '9007199254740994', exact: '0.1', found: true, doc: { a: [1] }, nothing: null, list: [1, null] },
          ...{ at: '2026-03-01T00:00:00.000001Z', raw: 'AP8=', span: 'PT1H30M' },
        },
      ],
      rowCount: 1,
      truncated: false,
    });
  });

  test('keeps no more rows than it may, and says so', async () => {
    const many = await query({ sql: 'select n from generate_series(1, 10000000) n', maxRows: 3 });
    expect(many).toEqual({ rows: [{ n: 1 }, { n: 2 }, { n: 3 }], rowCount: 3, truncated: true });
    const all = await query({ sql: 'select n from generate_series(1, 3) n', maxRows: 3 });
    expect(all).toMatchObject({ rowCount: 3, truncated: false });
    const wide = query({ sql: "select repeat('x', 1000000) as x from generate_series(1, 100)" });
    await expect(wide).rejects.toMatchObject({ code: 'limit_exceeded' });
  });

  test('writes only where it is told to', async () => {
    const sqlText = 'insert into shop.orders (id) select generate_series(1, 5) returning id';
    await expect(query({ sql: sqlText })).rejects.toMatchObject({
      code: 'query_failed',
      message: expect.stringContaining('write: true'),
      data: { sqlstate: '25006' },
    });
    const written = await query({ sql: sqlText, write: true, maxRows: 2 });
    expect(written).toEqual({ rows: [{ id: '1' }, { id: '2' }], rowCount: 5, truncated: true });
    expect((await sql`select count(*)::int as n from shop.orders`)[0]?.n).toBe(5);
  });

  test.each([
    ['two statements', 'select 1; drop table shop.orders', '42601'],
    ['an end of the transaction, and more', 'commit; drop table shop.orders', '42601'],
    ['what is no SQL', 'selec 1', '42601'],
    ['an unknown table', 'select * from nowhere', '42P01'],
  ])('refuses %s', async (_, text, sqlstate) => {
    await expect(query({ sql: text, write: true })).rejects.toMatchObject({ code: 'query_failed', data: { sqlstate } });
    expect((await sql`select count(*)::int as n from shop.orders`)[0]?.n).toBe(0);
  });

  test('leaves nothing of one statement to the next', async () => {
    await query({ sql: "select set_config('search_path', 'shop', false), pg_advisory_lock(1)" });
    await query({ sql: 'set session characteristics as transaction read write' }).catch(() => undefined);
    const [first] = ((await query({ sql: "select current_setting('search_path') as p" })) as { rows: { p: string }[] })
      .rows;
    expect(first?.p).toContain('public');
    await expect(query({ sql: 'insert into shop.orders (id) values (1)' })).rejects.toMatchObject({
      data: { sqlstate: '25006' },
    });
  });

  test('ends with its limit, and with its task', async () => {
    const sleep = 'select pg_sleep(60)';
    await expect(query({ sql: sleep, timeout: '50ms' })).rejects.toMatchObject({ code: 'timeout' });
    const controller = new AbortController();
    const hung = query({ sql: 'select pg_sleep(60)' }, { signal: controller.signal });
    for (let asleep = 0; asleep === 0; ) {
      const rows = await sql`select 1 from pg_stat_activity where query = ${sleep} and datname = current_database()`;
      asleep = rows.length;
    }
    controller.abort();
    await expect(hung).rejects.toMatchObject({ code: 'connection_failed' });
  });

  test('says what may pass by itself and what may not', async () => {
    await expect(query({ sql: 'select 1' }, {}, { password: 'wrong' })).rejects.toMatchObject({
      code: 'connection_denied',
      kind: 'permanent',
    });
    const lock = await sql.reserve();
    await lock`begin`;
    await lock`insert into shop.orders (id) values (1)`;
    await lock`commit`;
    await lock`begin`;
    await lock`select from shop.orders for update`;
    const refused = query({ sql: 'select * from shop.orders for update nowait', write: true });
    await expect(refused).rejects.toMatchObject({
      code: 'database_busy',
      kind: 'transient',
      data: { sqlstate: '55P03' },
    });
    await lock`rollback`;
    lock.release();
    const ended = query({ sql: 'select pg_terminate_backend(pg_backend_pid())' });
    await expect(ended).rejects.toMatchObject({ kind: 'transient' });
    expect(await query({ sql: 'select 1 as one' })).toMatchObject({ rows: [{ one: 1 }] });
  });

  test('does not know what became of a change whose commit nobody answered', async () => {
    // A server in between, which breaks off as soon as it has sent on the commit.
    const sockets: Socket[] = [];
    const between = createServer((near) => {
      const far = connect(reach.port, reach.host);
      sockets.push(near, far);
      for (const socket of [near, far]) socket.on('error', () => undefined);
      far.on('data', (chunk) => near.write(chunk));
      near.on('data', (chunk) => {
        far.write(chunk);
        if (chunk.toString('latin1').includes('commit')) near.destroy();
      });
    });
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    const other = { host: '127.0.0.1', port: (between.address() as AddressInfo).port };
    const lost = query({ sql: 'insert into shop.orders (id) values (1)', write: true }, {}, other);
    await expect(lost).rejects.toMatchObject({ code: 'in_doubt' });
    await expect(query({ sql: 'select 1' }, {}, other)).rejects.toMatchObject({ code: 'connection_failed' });
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => between.close(resolve));
  });
});

describe('insert', () => {
  const one = { id: '9007199254740993', total: 1.5, Of: "Ada's", tags: ['a', 'b"c'], extra: { a: [1, null] } };

  test('writes a row, a list of them, and its input, in the types of the table', async () => {
    expect(await insert({ rows: one, returning: ['id', 'tags'] })).toEqual({
      rows: [{ id: '9007199254740993', tags: ['a', 'b"c'] }],
      rowCount: 1,
      truncated: false,
    });
    const paid = '2026-03-01T00:00:00Z';
    expect(
      await insert({ rows: [{ id: 1 }, { id: 2, total: '3.10', paid }].map((row) => ({ total: 0, ...row })) }),
    ).toMatchObject({
      rows: [],
      rowCount: 2,
    });
    expect(await insert({}, { input: { id: 3 } })).toMatchObject({ rowCount: 1 });
    expect(await insert({ rows: [] })).toMatchObject({ rowCount: 0 });
    const rows = await query({ sql: 'select id, total, "Of", extra, paid from shop.orders order by id' });
    expect(rows).toMatchObject({
      rows: [
        { id: '1', total: '0.00' },
        { id: '2', total: '3.10', paid },
        { id: '3', total: '1.00' },
        { id: one.id, Of: "Ada's", extra: one.extra },
      ],
    });
  });

  test('leaves or changes what is there', async () => {
    await insert({ rows: { id: 1, total: 1 } });
    await expect(insert({ rows: { id: 1, total: 2 } })).rejects.toMatchObject({
      code: 'query_failed',
      data: { sqlstate: '23505', constraint: 'orders_pkey' },
    });
    const total = async () => (await sql`select total::text from shop.orders where id = 1`)[0]?.total;
    expect(await insert({ rows: { id: 1, total: 2 }, onConflict: 'skip' })).toMatchObject({ rowCount: 0 });
    expect(await total()).toBe('1.00');
    const update: Insert = { onConflict: 'update', key: ['id'] };
    expect(
      await insert({
        rows: [
          { id: 1, total: 3 },
          { id: 2, total: 4 },
        ],
        ...update,
      }),
    ).toMatchObject({ rowCount: 2 });
    expect(await total()).toBe('3.00');
    expect(await insert({ rows: { id: 1 }, ...update })).toMatchObject({ rowCount: 0 });
  });

  test('takes names as names', async () => {
    const column = 'x"); drop table shop.orders; --';
    await sql.unsafe(`alter table shop.orders add column "${column.replaceAll('"', '""')}" text`);
    await insert({ rows: { id: 1, [column]: 'fine' } });
    expect((await sql`select * from shop.orders`)[0]?.[column]).toBe('fine');
    await expect(insert({ table: 'orders"; drop schema shop cascade; --', rows: one })).rejects.toMatchObject({
      code: 'query_failed',
      data: { sqlstate: '42P01' },
    });
    await expect(insert({ rows: { id: 1, nope: 2 } })).rejects.toMatchObject({ data: { sqlstate: '42703' } });
  });
});
