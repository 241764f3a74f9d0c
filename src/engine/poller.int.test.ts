/** Pollers under a clock that the test turns, against a real HTTP server and a real database: what starts, and what they tell. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createDatabases } from '../adapters/connections/databases.ts';
import { memoryDatabase } from '../adapters/memory/database.ts';
import { memoryStore } from '../adapters/memory/store.ts';
import { openPool, type Pool } from '../adapters/postgres/sql.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { Definition } from '../core/definition/schema.ts';
import { MyelinError } from '../core/errors.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import type { Connections, OpenConnection } from '../ports/connections.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { testEgress } from '../testing/egress.ts';
import { definition, newId, newName, newWorkflow } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import { Dependencies } from './dependencies.ts';
import { createEngine } from './engine.ts';
import { Plans } from './plans.ts';
import { Poller, type PollerOptions } from './poller.ts';
import { SILENT_MS, TriggerStates } from './trigger-states.ts';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const MINUTE = 60_000;
const egress = testEgress();
const databases = createDatabases(egress);
let database: TestDatabase;
let sql: Pool;
let reach: Record<string, unknown>;
let base = '';
/** What the server was asked, and how it answers. */
let asked: Asked[] = [];
let answer: (response: ServerResponse, of: Asked) => void;

const json = (value: unknown) => (response: ServerResponse) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = request;
  const of = { method, url, headers, body: Buffer.concat(chunks).toString() };
  asked.push(of);
  answer(response, of);
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  database = await testDatabase();
  sql = openPool(database.url, { max: 1 });
  const { hostname: host, port, username: user, password, pathname } = new URL(database.url);
  reach = {
    host,
    port: Number(port),
    user,
    password: decodeURIComponent(password),
    tls: 'off',
    database: pathname.slice(1),
  };
});
afterAll(async () => {
  await databases.stop();
  await egress.close();
  server.closeAllConnections();
  server.close();
  await sql.end();
  await database.drop();
});
beforeEach(() => {
  asked = [];
});

const pollers: Poller[] = [];
afterEach(async () => {
  await Promise.all(pollers.splice(0).map((one) => one.stop()));
});

interface Bounds {
  /** Calls to one host at the same time, with a circuit that opens after the first failure, for half an hour. */
  readonly inFlight?: number;
  /** Triggers of this config. */
  readonly count?: number;
}

async function world(config: Record<string, unknown>, { inFlight, count = 1 }: Bounds = {}) {
  const clock = { now: Date.parse('2026-11-27T08:00:00Z') };
  const runtime = { ...systemRuntime('silent'), now: () => clock.now };
  const store = memoryStore(runtime, memoryDatabase());
  const connections: Connections = {
    open: async (_, name, type): Promise<OpenConnection> => {
      if (name === 'shop' && type === 'postgres') {
        return { id: 'c', updatedAt: 1, config: reach, secrets: { password: String(reach.password) } };
      }
      if (name === 'api' && type === 'http') {
        const own = { baseUrl: `${base}/v1`, auth: 'bearer', token: 'connection-token' };
        return { id: 'd', updatedAt: 1, config: own, secrets: { token: own.token } };
      }
      throw new MyelinError('connection_missing', `There is no connection ${name}; add it and retry.`);
    },
  };
  const told: (readonly string[])[] = [];
  const process = () => {
    const states = new TriggerStates({ store: store.triggerStates, runtime });
    const circuit = { threshold: 1, windowMs: MINUTE, resetMs: 30 * MINUTE };
    const dependencies =
      inFlight === undefined
        ? undefined
        : new Dependencies({ store: store.breakers, runtime, inFlight, latencyMs: undefined, circuit });
    const options: PollerOptions = {
      ...{ store: store.polls, connections, egress, databases, states, runtime, dependencies },
      plans: new Plans(store.workflows, createNodeTypes(ABSENT), async () => new Map() as never),
      secrets: { get: async (_, name) => (name === 'TOKEN' ? 'hunter2-hunter2' : undefined) },
      changed: (_, topics) => void told.push(topics),
    };
    const poller = new Poller(options);
    pollers.push(poller);
    return { poller, states, dependencies };
  };
  const [one, other] = [process(), process()];
  const trigger = { id: newId(), name: 'orders', type: 'poll', config: { every: '1m', first: 'all', ...config } };
  const document = definition(newName());
  const { id: workflowId } = await store.workflows.create(
    newWorkflow({
      ...{ definition: document, status: 'active', now: clock.now },
      triggers: Array.from({ length: count }, (_, at) =>
        at === 0 ? trigger : { ...trigger, id: newId(), name: `o${at}` },
      ),
    }),
  );
  /** Both processes look. */
  const poll = async (afterMs = MINUTE) => {
    clock.now += afterMs;
    await Promise.all([one.poller.runOnce(), other.poller.runOnce()]);
    await Promise.all([one.dependencies?.runOnce(), other.dependencies?.runOnce()]);
  };
  /** `$trigger` of each, the oldest first. */
  const started = async () => {
    const rows = await store.executions.list({ projectId: DEFAULT_PROJECT, workflowId, limit: 5_000 });
    const histories = await store.executions.histories(rows.map(({ id }) => id).reverse());
    return [...histories.values()].map(([created]) => (created as { data: { trigger: unknown } }).data.trigger);
  };
  const items = async () => (await started()).map((of) => (of as { item: unknown }).item);
  const state = async () => {
    // Both say the same, as soon as both have looked.
    await Promise.all([one.poller.runOnce(), other.poller.runOnce()]);
    await Promise.all([one.states.runOnce(), other.states.runOnce()]);
    const found = await store.triggerStates.list(DEFAULT_PROJECT, SILENT_MS);
    return found.map(({ status, error }) => (error === null ? status : `${error.code}: ${error.message}`));
  };
  return {
    clock,
    store,
    poll,
    started,
    items,
    state,
    told,
    trigger,
    workflowId,
    poller: one.poller,
    other: other.poller,
  };
}

test('each item starts once, and the next poll is told how far the last has come', async () => {
  const { poll, started, items, state, told } = await world({
    http: {
      url: `${base}/orders`,
      query: { since: '{{ $cursor }}' },
      auth: { type: 'bearer', token: '{{ $secrets.TOKEN }}' },
      items: '{{ $json.orders }}',
    },
    cursor: '{{ $json.at }}',
    itemId: '{{ $json.id }}',
  });
  answer = json({
    orders: [
      { id: 2, at: 'b' },
      { id: 1, at: 'a' },
    ],
  });
  await poll();
  const polledAt = '2026-11-27T08:01:00.000Z';
  const first = { item: { id: 1, at: 'a' }, cursor: 'a', polledAt };
  expect(await started()).toEqual([first, { item: { id: 2, at: 'b' }, cursor: 'b', polledAt }]);
  expect(asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/orders', 'Bearer hunter2-hunter2'],
  ]);
  expect(told).toEqual([['executions', 'triggers']]);
  await poll(MINUTE - 1);
  expect(asked).toHaveLength(1);
  // One comes again, one has come at the same time.
  answer = json({
    orders: [
      { id: 2, at: 'b' },
      { id: 3, at: 'b' },
      { id: 4, at: 'c' },
    ],
  });
  await poll(1);
  expect(asked[1]?.url).toBe('/orders?since=b');
  expect((await items()).map((one) => (one as { id: number }).id)).toEqual([1, 2, 3, 4]);
  expect(await state()).toEqual(['running', 'running']);
});

test('by hash: what is new or has changed, after a first poll that starts nothing', async () => {
  const { poll, items } = await world({ http: { url: base }, changed: 'hash', first: 'none' });
  answer = json([
    { id: 'a', price: 1 },
    { id: 'b', price: 1 },
  ]);
  await poll();
  expect(await items()).toEqual([]);
  answer = json([
    { price: 1, id: 'a' },
    { id: 'b', price: 2 },
    { id: 'c', price: 3 },
  ]);
  await poll();
  expect(await items()).toEqual([
    { id: 'b', price: 2 },
    { id: 'c', price: 3 },
  ]);
  answer = json([{ id: 'b', price: 1 }]);
  await poll();
  expect((await items()).slice(2)).toEqual([{ id: 'b', price: 1 }]);
});

test('a connection has address and credentials; a body can be sent', async () => {
  const http = { connection: 'api', url: 'search', method: 'POST', body: { after: '{{ $cursor }}' } };
  const { poll, items } = await world({ http, cursor: '{{ $json }}', from: 10 });
  answer = json([11, 9]);
  await poll();
  expect(asked).toMatchObject([{ method: 'POST', url: '/v1/search', body: '{"after":10}' }]);
  expect(asked[0]?.headers.authorization).toBe('Bearer connection-token');
  expect(await items()).toEqual([11]);
});

test('what is left over comes at once', async () => {
  const { poll, items } = await world({ http: { url: base }, changed: 'hash', itemId: '{{ $json }}' });
  answer = json(Array.from({ length: 1_500 }, (_, at) => at));
  await poll();
  expect(await items()).toHaveLength(1_000);
  await poll(0);
  expect(await items()).toHaveLength(1_500);
  await poll(0);
  expect(asked).toHaveLength(2);
});

test.each<[string, Record<string, unknown>, (response: ServerResponse) => void, RegExp]>([
  [
    'HTML',
    {},
    (to) => to.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    /^http_invalid_answer: .* did not answer JSON/,
  ],
  ['no list', {}, json({ a: [] }), /^http_invalid_answer: The answer of .* has no list, but an object: say by `items`/],
  ['no list at items', { http: { items: '{{ $json.b }}' } }, json({}), /has no list, but undefined: correct `items`/],
  [
    'too long a list',
    {},
    json(Array.from({ length: 10_001 }, () => 1)),
    /^limit_exceeded: The source lists more than 10000/,
  ],
  ['an expression that throws', { cursor: '{{ $json.a.toFixed(900) }}' }, json([{ a: 1 }]), /^expression_failed: /],
  ['an item without a cursor', {}, json([{ n: 1 }, {}]), /^config_invalid: The cursor of item 1 is undefined/],
  ['a cursor that is a list', {}, json([{ n: [] }]), /^config_invalid: The cursor of item 0 is a list/],
  ['cursors of two kinds', {}, json([{ n: 1 }, { n: 'a' }]), /^config_invalid: The cursor is a/],
  [
    'no secret',
    { http: { headers: { a: '{{ $secrets.GONE }}' } } },
    json([]),
    /^secret_missing: There is no secret GONE/,
  ],
  [
    'no connection',
    { http: { connection: 'gone', url: '/' } },
    json([]),
    /^connection_missing: There is no connection gone/,
  ],
  [
    'no URL',
    { http: { url: 'orders' } },
    json([]),
    /^config_invalid: The field http.url of the poll \w+ is not a whole URL/,
  ],
  ['a status', {}, (to) => to.writeHead(401).end('{}'), /^http_client_error: GET .* answered 401/],
])('%s is told of, loses nothing, and mends itself', async (_, { http, ...config }, bad, message) => {
  const own = { url: base, ...(http as object) };
  const { poll, items, state, store, workflowId, trigger } = await world({
    http: own,
    cursor: '{{ $json.n }}',
    ...config,
  });
  answer = bad;
  await poll();
  const [error] = await state();
  expect(error).toMatch(message);
  expect(await state()).toEqual([error, error]);
  expect(await items()).toEqual([]);
  answer = json([{ n: 1 }]);
  const triggers = [{ ...trigger, config: { ...trigger.config, http: { url: base }, cursor: '{{ $json.n }}' } }];
  const { name } = (await store.workflows.get(DEFAULT_PROJECT, workflowId)) as { name: string };
  const of = { id: workflowId, projectId: DEFAULT_PROJECT, definition: definition(name), triggers, now: 0 };
  await store.workflows.update(of);
  await poll();
  expect(await items()).toEqual([{ n: 1 }]);
  expect(await state()).toEqual(['running', 'running']);
});

test('after failures the pause doubles, and ends with the first that goes well', async () => {
  const { poll } = await world({ http: { url: base }, cursor: '{{ $json }}' });
  answer = (response) => void response.writeHead(503).end();
  await poll(0);
  await poll(MINUTE);
  await poll(MINUTE);
  expect(asked).toHaveLength(2);
  answer = json([]);
  await poll(MINUTE);
  await poll(MINUTE);
  expect(asked).toHaveLength(4);
});

test('Retry-After is honored', async () => {
  const { poll, state } = await world({ http: { url: base }, cursor: '{{ $json }}' });
  answer = (response) => void response.writeHead(429, { 'retry-after': '600' }).end();
  await poll(0);
  await poll(9 * MINUTE);
  expect((await state())[0]).toMatch(/^http_rate_limited: /);
  expect(asked).toHaveLength(1);
  await poll(MINUTE);
  expect(asked).toHaveLength(2);
});

test('newest first over many pages: all that is new is found, and no page is read beyond what is known', async () => {
  const http = { url: `${base}/list?page=1`, items: '{{ $json.items }}', paginate: { next: 'body.next', max: 5 } };
  const { poll, items, state } = await world({ http, cursor: '{{ $json }}', first: 'none' });
  let newest = 100;
  answer = (response, { url }) => {
    const page = Number(new URL(url, base).searchParams.get('page'));
    const first = newest - (page - 1) * 10;
    json({ items: Array.from({ length: 10 }, (_, at) => first - at), next: `/list?page=${page + 1}` })(response);
  };
  await poll();
  expect(asked).toHaveLength(1);
  newest = 125;
  await poll();
  expect(await items()).toEqual(Array.from({ length: 25 }, (_, at) => 101 + at));
  expect(asked).toHaveLength(1 + 3);
  newest = 185;
  await poll();
  expect((await state())[0]).toMatch(
    /^limit_exceeded: What is new does not end within 5 pages: raise http.paginate.max/,
  );
  expect(await items()).toHaveLength(25);
});

test('oldest first over many pages: the next poll goes on where the most pages end', async () => {
  const paginate = { next: 'body.next', cursorParam: 'from', max: 2 };
  const http = { url: `${base}/list`, query: { from: '{{ $cursor }}' }, items: '{{ $json.items }}', paginate };
  const { poll, items } = await world({ http, cursor: '{{ $json }}', from: 0 });
  answer = (response, { url }) => {
    const from = Number(new URL(url, base).searchParams.get('from'));
    const list = Array.from({ length: 10 }, (_, at) => from + at).filter((n) => n <= 35);
    json({ items: list, next: from + 10 <= 35 ? from + 10 : null })(response);
  };
  for (let n = 0; n < 6; n++) await poll(n === 0 ? MINUTE : 0);
  expect(await items()).toEqual(Array.from({ length: 36 }, (_, at) => at));
});

test('a rate holds, whichever process looks and whoever wants it sooner', async () => {
  const rate = { limit: 2, per: '10m' };
  const { poll, store, trigger, clock } = await world({ http: { url: base }, cursor: '{{ $json }}', rate });
  answer = json([]);
  const times: number[] = [];
  for (let minute = 0; minute < 11; minute++) {
    await store.polls.hurry(DEFAULT_PROJECT, trigger.id, clock.now);
    const before = asked.length;
    await poll();
    if (asked.length > before) times.push(minute);
  }
  expect(times).toEqual([0, 5, 10]);
});

test('an open circuit is left alone, is told of, and counts as no failure', async () => {
  const http = { url: base };
  const { poll, items, state } = await world({ http, every: '10m', cursor: '{{ $json }}' }, { inFlight: 8 });
  answer = (response) => void response.writeHead(503).end();
  await poll();
  expect((await state())[0]).toMatch(/^http_server_error: /);
  answer = json([1]);
  await poll(10 * MINUTE);
  expect((await state())[0]).toMatch(/^circuit_open: 127\.0\.0\.1:\d+ has failed too often/);
  expect(asked).toHaveLength(1);
  // As soon as the circuit lets somebody through, not after twice the pause.
  await poll(20 * MINUTE);
  expect(asked).toHaveLength(2);
  expect(await items()).toEqual([1]);
  expect(await state()).toEqual(['running', 'running']);
});

test('polls of one host share its limit', async () => {
  const { poll } = await world({ http: { url: base }, cursor: '{{ $json }}' }, { inFlight: 2, count: 8 });
  let [now, most] = [0, 0];
  answer = (response) => {
    most = Math.max(most, ++now);
    setImmediate(() => {
      now -= 1;
      json([])(response);
    });
  };
  await poll();
  expect(asked).toHaveLength(8);
  // Each of the two processes has its own.
  expect(most).toBeLessThanOrEqual(4);
});

test('a secret does not stand in an error', async () => {
  const http = { url: `${base}/{{ $secrets.TOKEN }}` };
  const { poll, state } = await world({ http, cursor: '{{ $json }}' });
  answer = (response) => void response.writeHead(404).end();
  await poll();
  const [error] = await state();
  expect(error).toContain('[secret TOKEN]');
  expect(error).not.toContain('hunter2');
});

test('rows of a database, by a query that is given the cursor', async () => {
  await sql.unsafe(
    'create table orders (id bigint primary key, total int); insert into orders select n, n from generate_series(1, 3) n',
  );
  const query = 'select id, total from orders where id > $1::bigint order by id';
  const { poll, items, state } = await world({ sql: { connection: 'shop', query }, cursor: '{{ $json.id }}', from: 1 });
  await poll();
  expect((await items()).map((one) => (one as { total: number }).total)).toEqual([2, 3]);
  await sql`insert into orders select n, n from generate_series(4, 1503) n`;
  await poll();
  await poll(0);
  await poll(0);
  expect(await items()).toHaveLength(1_502);
  await sql`drop table orders`;
  await poll();
  expect((await state())[0]).toMatch(/^query_failed: .*orders/);
});

test('one that is stopped in the middle begins anew, without a fault', async () => {
  const { poller, other, items, clock } = await world({ http: { url: base }, cursor: '{{ $json }}' });
  const arrived = Promise.withResolvers<void>();
  answer = () => arrived.resolve();
  poller.start();
  await arrived.promise;
  await poller.stop();
  answer = json([1]);
  clock.now += 1;
  await other.runOnce();
  expect(await items()).toEqual([1]);
});

test('the example starts for what has changed in the list, and for nothing else', async () => {
  const document: Definition = parse(readFileSync(new URL('../../examples/price-watch.yaml', import.meta.url), 'utf8'));
  const runtime = systemRuntime('silent');
  const store = memoryStore(runtime);
  const engine = createEngine({
    ...{ store, runtime, nodeTypes: createNodeTypes(ABSENT), roles: ['worker', 'scheduler'] },
    ...{ host: { name: newName(), pid: 1, isAlive: () => true }, polling: { egress, databases } },
    ...{ slots: 10, taskConcurrency: 1, commitBatch: 10, leaseMs: 20_000 },
    secrets: { get: async (_, name) => (name === 'PRICES_URL' ? `${base}/prices` : undefined) },
    connections: { open: () => Promise.reject(new Error('not in this test')) },
  });
  answer = json({
    articles: [
      { sku: 'pen', price: 12 },
      { sku: 'cup', price: 4 },
    ],
  });
  await engine.start();
  const triggers = (document.triggers ?? []).map(({ id: name, type, ...config }) => ({
    id: newId(),
    name,
    type,
    config,
  }));
  const { id: workflowId } = await store.workflows.create(
    newWorkflow({ definition: document, status: 'active', triggers, now: Date.now() }),
  );
  const begun = async () => (await store.polls.list()).filter(({ polledAt }) => polledAt !== null).length;
  await expect.poll(begun).toBe(1);
  answer = json({
    articles: [
      { sku: 'pen', price: 9 },
      { sku: 'cup', price: 4 },
      { sku: 'ink', price: 20 },
    ],
  });
  await store.polls.hurry(DEFAULT_PROJECT, triggers[0]!.id, Date.now());
  const ended = async () => {
    const rows = await store.executions.list({ projectId: DEFAULT_PROJECT, workflowId, limit: 10 });
    return rows.filter(({ status }) => status === 'completed').map(({ id }) => id);
  };
  await expect.poll(async () => (await ended()).length).toBe(2);
  const histories = [...(await store.executions.histories(await ended())).values()];
  const outputs = histories.map((events) => (events.at(-1) as { data: { output: unknown } }).data.output);
  expect(outputs).toEqual(expect.arrayContaining([{ text: 'pen for 9' }, { text: 'ink is at 20' }]));
  await engine.stop(0);
});
