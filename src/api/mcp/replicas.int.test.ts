/** Two servers on one PostgreSQL, of which one only takes requests: what begins at one goes on at the other. */
import type { AddressInfo } from 'node:net';
import { Client, type FetchLike, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openPostgresStore } from '../../adapters/postgres/store.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { callApi, newKey, type ServerParts, serverParts } from '../../testing/api.ts';
import { newName } from '../../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../../testing/postgres.ts';
import { createApi } from '../api.ts';
import { closeApi } from '../close.ts';

interface Replica {
  readonly parts: ServerParts;
  readonly app: FastifyInstance;
  readonly url: URL;
}

let database: TestDatabase;
/** Takes requests. */
let front: Replica;
/** Does the work as well. */
let worker: Replica;
let key: string;

beforeAll(async () => {
  database = await testDatabase();
  front = await open(['api']);
  worker = await open(['api', 'worker', 'scheduler']);
  key = await newKey(front.parts.store);
});
afterAll(async () => {
  for (const { app, parts } of [front, worker]) {
    await app.close();
    await parts.engine.stop(0);
    await parts.store.close();
  }
  await database.drop();
});

async function open(roles: readonly string[]): Promise<Replica> {
  const parts = serverParts({ store: await openPostgresStore(database.url), roles });
  const app = await createApi(parts);
  await app.listen({ host: '127.0.0.1', port: 0 });
  await parts.engine.start();
  return { parts, app, url: new URL(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/mcp`) };
}

interface Connection {
  readonly at?: Replica;
  readonly modern?: boolean;
  readonly elicits?: boolean;
  readonly fetch?: FetchLike;
}

async function connect({ at = front, modern = false, elicits = false, fetch }: Connection = {}): Promise<Client> {
  const capabilities = elicits ? { elicitation: { form: {} } } : {};
  const mode = modern ? { pin: '2026-07-28' } : ('legacy' as const);
  const client = new Client({ name: 'test', version: '1' }, { capabilities, versionNegotiation: { mode } });
  if (elicits) client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: {} }));
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(at.url, { requestInit, ...(fetch && { fetch }) }));
  return client;
}

async function deploy(nodes: object[], edges: string[] = []): Promise<string> {
  const name = newName();
  const body = { name, nodes, edges, expose: { mcp: { wait: '1m' } } };
  const { status, text } = await callApi(front.app, key, 'createWorkflow', { body, query: { activate: 'true' } });
  expect(status, text).toBe(201);
  return name;
}

const deployAsking = () =>
  deploy(
    [
      { id: 'ask', type: 'approval', config: { title: 'Go on?' } },
      { id: 'done', type: 'transform', config: { value: { by: '{{ $json.decision.by }}' } } },
    ],
    ['ask:approved -> done'],
  );

const task = z.looseObject({ taskId: z.string(), status: z.string() });
const created = z.looseObject({ task });
const anything = z.looseObject({});

test.each([true, false])('a call is answered with what another process works out (2026-07-28: %s)', async (modern) => {
  const nodes = [
    { id: 'nap', type: 'delay', config: { for: '20ms' } },
    { id: 'work', type: 'transform', config: { value: { n: '{{ $trigger.n }}' } } },
  ];
  const name = await deploy(nodes, ['nap -> work']);
  const client = await connect({ modern });
  const result = await client.callTool({ name, arguments: { n: 1 } });
  expect(result.structuredContent).toEqual({ n: 1 });
  await client.close();
});

test('a task that began at one is polled, waited for and canceled at the other', async () => {
  const name = await deploy([{ id: 'nap', type: 'delay', config: { for: '30d' } }]);
  const [one, other] = [await connect(), await connect({ at: worker })];
  const begun = await one.request({ method: 'tools/call', params: { name, task: {} } }, created);
  const params = { taskId: begun.task.taskId };
  expect(await other.request({ method: 'tasks/get', params }, task)).toMatchObject({ ...params, status: 'working' });
  const waited = one.request({ method: 'tasks/result', params }, anything);
  const canceled = await other.request({ method: 'tasks/cancel', params }, task);
  expect(canceled).toMatchObject({ ...params, status: 'cancelled' });
  expect(await waited).toMatchObject({ isError: true, structuredContent: { error: { code: 'canceled' } } });
  expect(await one.request({ method: 'tasks/get', params }, task)).toMatchObject({ status: 'cancelled' });
  await Promise.all([one.close(), other.close()]);
});

test('a question of 2026-07-28 is asked by one and its answer comes to the other', async () => {
  const name = await deployAsking();
  let calls = 0;
  const fetchInTurn: FetchLike = (_, init) => {
    const isCall = String(init?.body).includes('"tools/call"');
    if (isCall) calls++;
    return fetch(isCall && calls === 1 ? front.url : worker.url, init);
  };
  const client = await connect({ modern: true, elicits: true, fetch: fetchInTurn });
  const result = await client.callTool({ name, arguments: {} });
  expect(result.structuredContent).toEqual({ by: 'test' });
  expect(calls).toBe(2);
  await client.close();
});

test('a question of 2025-11-25 stands in the stream of one, and its answer comes to the other', async () => {
  const name = await deployAsking();
  const answers: string[] = [];
  const answerElsewhere: FetchLike = (url, init) => {
    const body = String(init?.body);
    if (!body.includes('"action":"accept"')) return fetch(url, init);
    answers.push(body);
    return fetch(worker.url, init);
  };
  const client = await connect({ elicits: true, fetch: answerElsewhere });
  const result = await client.callTool({ name, arguments: {} });
  expect(result.structuredContent).toEqual({ by: 'test' });
  expect(answers).toHaveLength(1);
  await client.close();
});

test('who waits when the server ends is told that the execution goes on', async () => {
  const third = await open(['api']);
  const name = await deploy([{ id: 'nap', type: 'delay', config: { for: '30d' } }]);
  const client = await connect({ at: third, modern: true });
  const called = client.callTool({ name, arguments: {} });
  const newest = async () => (await third.parts.store.executions.list({ projectId: DEFAULT_PROJECT, limit: 1 })).at(0);
  while ((await newest())?.workflowName !== name) await new Promise(setImmediate);
  const closed = closeApi(third.app, third.parts.runtime, 10_000);
  expect((await called).structuredContent).toMatchObject({ executionId: (await newest())?.id });
  await closed;
  await third.parts.engine.stop(0);
  await third.parts.store.close();
});
