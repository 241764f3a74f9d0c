/** /api/replays with the engine that carries them out, and a server outside that hears what is done to the world. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '../../contract/routes.ts';
import { hasEnded, type Status } from '../../core/execution/index.ts';
import { httpNode } from '../../nodes/http.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { callApi, newKey, type Received, type Sent, serverParts } from '../../testing/api.ts';
import { testEgress } from '../../testing/egress.ts';
import { newId, newName } from '../../testing/factories.ts';
import { createApi } from '../api.ts';

const egress = testEgress();
const parts = serverParts({ nodes: () => [httpNode(egress)] });
const paid: string[] = [];
const outside = createServer((request, response) => {
  paid.push(request.url ?? '');
  response.end();
});
let app: FastifyInstance;
let key: string;
let base: string;

beforeAll(async () => {
  app = await createApi(parts);
  await parts.engine.start();
  key = await newKey(parts.store);
  await parts.engine.live.listen();
  outside.listen(0, '127.0.0.1');
  await once(outside, 'listening');
  base = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await app.close();
  await parts.engine.stop(0);
  await egress.close();
  outside.close();
});

const call = (id: OperationId, sent: Sent = {}): Promise<Received> => callApi(app, key, id, sent);

/** What `look` finds, looked for again whenever a page would hear that something has changed. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const stop = parts.engine.live.follow(DEFAULT_PROJECT, () => {
        stop();
        resolve();
      });
    });
    const found = await look();
    if (found !== undefined) return found;
    await changed;
  }
}

async function deploy(over: object = {}): Promise<{ id: string; name: string }> {
  const pay = { method: 'POST', url: `${base}/{{ $trigger.data.n }}`, headers: { secret: '{{ $secrets.PAY }}' } };
  const definition = { name: newName(), nodes: [{ id: 'pay', type: 'http', config: pay }], ...over };
  const { status, body } = await call('createWorkflow', { body: definition, query: { activate: 'true' } });
  expect(status).toBe(201);
  return body;
}

/** Messages of a topic of their own, some before anybody listens to it. */
async function sent(count: number): Promise<string> {
  const topic = newId();
  await call('sendEvents', {
    body: Array.from({ length: count }, (_, n) => ({ type: 'order.placed', topic, data: { n }, key: `k${n}` })),
  });
  return topic;
}

const ended = (id: string) =>
  until(async () => {
    const { body } = await call('getReplay', { params: { id } });
    return body.status === 'running' ? undefined : body;
  });

const executions = (workflowId: string, count: number) =>
  until(async () => {
    const { body } = await call('listExecutions', { query: { workflow: workflowId } });
    return body.items.length === count && body.items.every((one: { status: Status }) => hasEnded(one.status))
      ? body.items
      : undefined;
  });

test('a dry run says how many there are and how many are taken, shows the first, and starts nothing', async () => {
  const topic = await sent(8);
  const listens = { id: 'placed', type: 'event', event: 'order.*', filter: '{{ $trigger.data.n != 1 }}' };
  const { id, name } = await deploy({ triggers: [{ id: 'by-hand', type: 'manual' }, listens] });
  const { status, body } = await call('startReplay', { body: { filter: { topic }, workflow: name, dryRun: true } });
  expect(status).toBe(200);
  expect(body).toMatchObject({ workflowId: id, version: 1, trigger: 'placed', total: 8, more: false });
  expect(body).toMatchObject({ examined: 8, taken: 7, refused: 0 });
  expect(body.first.map((one: { starts: boolean }) => one.starts)).toEqual([true, false, true, true, true]);
  expect(body.first[1]).toMatchObject({ type: 'order.placed', key: 'k1' });
  expect((await call('listReplays')).body.items).toEqual([]);
  expect(await executions(id, 0)).toEqual([]);
});

test('with effects suppressed the executions end, and nothing is heard outside', async () => {
  const topic = await sent(3);
  const { id, name } = await deploy();
  const filter = { topic, type: 'order.*', key: 'k2' };
  const started = await call('startReplay', { body: { filter, workflow: name, effects: 'suppress' } });
  expect(started.status).toBe(201);
  expect(started.headers.location).toBe(`/api/replays/${started.body.id}`);
  expect(started.body).toMatchObject({ status: 'running', filter, effects: 'suppress', trigger: null, total: 1 });
  expect(await ended(started.body.id)).toMatchObject({ status: 'completed', started: 1, skipped: 0, refused: 0 });
  const [row] = await executions(id, 1);
  const { body } = await call('getExecution', { params: { id: row.id } });
  expect(body).toMatchObject({ status: 'completed', trigger: { replayid: started.body.id } });
  expect(body.output).toEqual({
    ...{ suppressed: true, type: 'http' },
    config: expect.objectContaining({ method: 'POST', url: `${base}/2`, headers: { secret: '$secrets.PAY' } }),
  });
  expect(paid).toEqual([]);
});

test('otherwise effects are real', async () => {
  const topic = await sent(2);
  const { id } = await deploy({
    nodes: [{ id: 'pay', type: 'http', config: { method: 'POST', url: `${base}/real/{{ $trigger.data.n }}` } }],
  });
  const { body } = await call('startReplay', { body: { filter: { topic }, workflow: id } });
  expect(await ended(body.id)).toMatchObject({ status: 'completed', started: 2 });
  expect(await executions(id, 2)).toMatchObject([{ status: 'completed' }, { status: 'completed' }]);
  expect(paid.toSorted()).toEqual(['/real/0', '/real/1']);
});

test('a message says what it has started: by a trigger of its own, and by the one of a group that took it', async () => {
  const nodes = [{ id: 'a', type: 'join' }];
  const event = `thing.n${newId().slice(-12)}`;
  const plain = await deploy({ nodes, triggers: [{ id: 't', type: 'event', event }] });
  const group = newId();
  const members = [
    { id: 'one', type: 'event', event, group },
    { id: 'two', type: 'event', event, group },
  ];
  const both = await deploy({ nodes, triggers: members });
  const other = await deploy({ nodes, triggers: [{ id: 't', type: 'event', event: 'other' }] });
  await call('sendEvents', { body: { type: event } });
  const runs = [...(await executions(plain.id, 1)), ...(await executions(both.id, 1))];
  const [row] = (await call('listEvents', { query: { type: event } })).body.items;
  const { body } = await call('getEvent', { params: { position: String(row.position) } });
  const expected = runs.map(({ id, workflowId, workflowName }) => ({ executionId: id, workflowId, workflowName }));
  expect(body.started).toHaveLength(2);
  expect(body.started).toEqual(expect.arrayContaining(expected));
  expect(await executions(other.id, 0)).toEqual([]);
});

test('one is canceled, and stays as it is', async () => {
  const { store, runtime } = parts;
  const replay = { status: 'running', started: 0, skipped: 0, refused: 0, position: 0, error: null } as const;
  const id = newId();
  expect((await call('cancelReplay', { params: { id } })).body).toMatchObject({ code: 'replay_not_found' });
  // The engine may be quicker, and finds no such workflow.
  await store.replays.add({
    ...{ id, projectId: DEFAULT_PROJECT, filter: { from: 5, to: 9 }, trigger: null, suppressed: false, ...replay },
    ...{ workflowId: newId(), workflowName: 'gone', version: 1, total: 0 },
    ...{ createdAt: runtime.now(), movedAt: runtime.now(), finishedAt: null },
  });
  const canceled = await call('cancelReplay', { params: { id } });
  expect(canceled.body).toMatchObject({ id, filter: { from: '1970-01-01T00:00:00.005Z' } });
  expect(['canceled', 'failed']).toContain(canceled.body.status);
});

test.each([
  [{ workflow: 'nobody' }, 404, 'workflow_not_found'],
  [{ workflow: 'W', trigger: 'plased' }, 400, 'no event trigger plased (did you mean placed?)'],
  [{ workflow: 'W', filter: { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' } }, 400, 'filter.to'],
  [{ workflow: 'W', filter: { type: 'no type' } }, 400, 'filter.type'],
  [{ workflow: 'W', effects: 'none' }, 400, 'effects'],
  [{}, 400, 'workflow'],
])('%j is refused with %d', async (body: { workflow?: string }, status, what) => {
  const triggers = [{ id: 'placed', type: 'event', event: 'a' }];
  const { name } = await deploy({ triggers });
  const workflow = body.workflow === 'W' ? { workflow: name } : {};
  const refused = await call('startReplay', { body: { ...body, ...workflow } });
  expect(refused.status).toBe(status);
  expect(refused.text).toContain(what);
});

test('a workflow must be active', async () => {
  const { id } = await deploy();
  await call('pauseWorkflow', { params: { id } });
  const refused = await call('startReplay', { body: { workflow: id } });
  expect(refused).toMatchObject({ status: 409, body: { code: 'workflow_not_active' } });
});

test('replays are read one by one and page by page', async () => {
  const all = (await call('listReplays')).body;
  expect(all.nextCursor).toBeNull();
  const first = (await call('listReplays', { query: { limit: '1' } })).body;
  const rest = (await call('listReplays', { query: { cursor: first.nextCursor } })).body;
  expect([...first.items, ...rest.items]).toEqual(all.items);
  expect((await call('listReplays', { query: { cursor: 'x' } })).status).toBe(400);
  expect((await call('getReplay', { params: { id: 'x' } })).status).toBe(404);
});
