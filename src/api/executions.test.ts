import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '../contract/routes.ts';
import { callApi, execution, newKey, type Sent, serverParts } from '../testing/api.ts';
import { newId, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const parts = serverParts();
let app: FastifyInstance;
let key: string;
const call = (id: OperationId, sent: Sent = {}) => callApi(app, key, id, sent);

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
  await parts.engine.start();
});
afterAll(async () => {
  await app.close();
  await parts.engine.stop(0);
});

const PASS = [{ id: 'a', type: 'transform' }];
const NAP = [{ id: 'nap', type: 'delay', config: { for: '1h' } }];
const FAIL = [{ id: 'broken', type: 'fail', config: { message: 'it broke', code: 'broken', kind: 'permanent' } }];

/** Saves a workflow of these nodes and starts it. */
async function started(nodes: object[], input: unknown = {}): Promise<{ name: string; id: string }> {
  const name = newName();
  const saved = await call('createWorkflow', { body: { name, nodes } });
  expect(saved.status, saved.text).toBe(201);
  const { body } = await call('executeWorkflow', { params: { id: name }, body: { input } });
  return { name, id: body.executionId };
}

async function ended(nodes: object[], input: unknown = {}) {
  const one = await started(nodes, input);
  await execution(parts, one.id);
  return one;
}

test('one execution has its nodes, and their input where it is asked for', async () => {
  const { id, name } = await ended(PASS, { n: 1 });
  const { body } = await call('getExecution', { params: { id } });
  expect(body).toMatchObject({
    id,
    workflowName: name,
    version: 1,
    status: 'completed',
    output: { n: 1 },
    error: null,
  });
  expect(body.nodes).toMatchObject([{ path: 'a', type: 'transform', status: 'completed', output: { n: 1 } }]);
  expect(body.nodes[0]).not.toHaveProperty('input');
  const shown = await call('getExecution', { params: { id }, query: { include: 'input' } });
  expect(shown.body.nodes[0].input).toEqual({ n: 1 });
});

test('an execution that waits says for what', async () => {
  const { id } = await started(NAP);
  await execution(parts, id, (row) => row.status === 'waiting');
  const { body } = await call('getExecution', { params: { id } });
  expect(body.waitingFor).toMatchObject([{ path: 'nap', reason: 'timer' }]);
});

test('lists are newest first, filtered and paged', async () => {
  const [done, broken] = [await ended(PASS), await ended(FAIL)];
  const again = await call('executeWorkflow', { params: { id: done.name }, body: {} });
  await execution(parts, again.body.executionId);
  const ids = async (query: Record<string, string>) => {
    const { body } = await call('listExecutions', { query });
    return { ids: body.items.map((item: { id: string }) => item.id), next: body.nextCursor };
  };
  expect(await ids({ workflow: done.name })).toEqual({ ids: [again.body.executionId, done.id], next: null });
  const first = await ids({ workflow: done.name, limit: '1' });
  expect(first).toEqual({ ids: [again.body.executionId], next: again.body.executionId });
  expect((await ids({ workflow: done.name, limit: '1', cursor: first.next })).ids).toEqual([done.id]);
  expect((await ids({ workflow: broken.name, status: 'failed' })).ids).toEqual([broken.id]);
  expect((await ids({ workflow: broken.name, status: 'completed' })).ids).toEqual([]);
  expect((await ids({ workflow: broken.name, from: '2020-01-01', to: '2020-01-02T00:00:00Z' })).ids).toEqual([]);
  expect((await ids({ workflow: broken.name, from: '2020-01-01' })).ids).toEqual([broken.id]);
  expect((await ids({ workflow: newId() })).ids).toEqual([]);
  expect((await call('listExecutions', { query: { workflow: 'nobody' } })).body.code).toBe('workflow_not_found');
  const bad: Record<string, string>[] = [{ cursor: 'x' }, { from: 'today' }, { status: 'done' }, { unknown: '1' }];
  for (const query of bad) expect((await call('listExecutions', { query })).body.code).toBe('invalid_request');
});

test('the history is paged by sequence number, the log has a line for each event', async () => {
  const { id } = await ended(PASS);
  const all = await call('listExecutionEvents', { params: { id } });
  const types = all.body.items.map((event: { type: string }) => event.type);
  expect(types).toEqual(['execution.created', 'execution.started', 'node.completed', 'execution.completed']);
  const page = await call('listExecutionEvents', { params: { id }, query: { limit: '3' } });
  expect(page.body).toEqual({ items: all.body.items.slice(0, 3), nextCursor: '3' });
  const rest = await call('listExecutionEvents', { params: { id }, query: { after: '3' } });
  expect(rest.body).toEqual({ items: all.body.items.slice(3), nextCursor: null });
  const { body } = await call('listExecutionLogs', { params: { id } });
  expect(body.items[2]).toMatchObject({ seq: 3, level: 'info', path: 'a', message: 'completed' });
});

test('a failed execution goes on from the node that failed; one that did not fail is not retried', async () => {
  const { id } = await ended(FAIL);
  const before = await call('getExecution', { params: { id } });
  expect(before.body).toMatchObject({ status: 'failed', error: { code: 'broken' }, nodes: [{ status: 'failed' }] });
  const retried = await call('retryExecution', { params: { id }, body: { reason: 'mended' } });
  expect(retried.status).toBe(202);
  await execution(parts, id);
  const { body } = await call('listExecutionLogs', { params: { id } });
  const messages = body.items.map((line: { message: string }) => line.message);
  expect(messages).toContain('goes on from the nodes that failed: mended');
  const done = await ended(PASS);
  const refused = await call('retryExecution', { params: { id: done.id } });
  expect(refused.body).toMatchObject({ status: 409, code: 'illegal_transition' });
});

test('cancel ends what has not ended, once', async () => {
  const { id } = await started(NAP);
  await execution(parts, id, (row) => row.status === 'waiting');
  const canceled = await call('cancelExecution', { params: { id }, body: { reason: 'enough' } });
  expect(canceled).toMatchObject({ status: 202, body: { id, status: 'canceled' } });
  const { body } = await call('getExecution', { params: { id } });
  expect(body).toMatchObject({ waitingFor: [], nodes: [{ status: 'canceled' }] });
  expect((await call('cancelExecution', { params: { id } })).body.code).toBe('illegal_transition');
});

test('delete removes what has ended, with its history', async () => {
  const napping = await started(NAP);
  expect((await call('deleteExecution', { params: { id: napping.id } })).body.code).toBe('execution_active');
  const { id } = await ended(PASS);
  expect((await call('deleteExecution', { params: { id } })).status).toBe(204);
  expect((await call('getExecution', { params: { id } })).status).toBe(404);
});

test('what is not there, or belongs to another project, is not found', async () => {
  const { id } = await ended(PASS);
  const stranger = await newKey(parts.store, newId());
  const operations = [
    'getExecution',
    'listExecutionEvents',
    'listExecutionLogs',
    'streamExecution',
    'cancelExecution',
    'retryExecution',
    'deleteExecution',
  ] as const;
  for (const operation of operations) {
    for (const [who, what] of [
      [stranger, id],
      [key, newId()],
      [key, 'x'],
    ] as const) {
      const { body } = await callApi(app, who, operation, { params: { id: what } });
      expect(body.code, operation).toBe('execution_not_found');
    }
  }
});

/** Server-sent events as data by id. */
function frames(text: string): [id: number, type: string][] {
  return text
    .split('\n\n')
    .filter((frame) => frame.startsWith('id:'))
    .map((frame) => [Number(/^id: (\d+)/.exec(frame)?.[1]), /event: (.*)/.exec(frame)?.[1] ?? '']);
}

const stream = (id: string, headers: Record<string, string> = {}) =>
  app.inject({
    url: `/api/executions/${id}/events`,
    headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream', ...headers },
  });

test('a stream shows the history, resumes after the last id, and stays away at the end', async () => {
  const { id } = await ended(PASS);
  const whole = await stream(id);
  expect(whole.headers['content-type']).toContain('text/event-stream');
  expect(frames(whole.payload)).toEqual([
    [1, 'execution.created'],
    [2, 'execution.started'],
    [3, 'node.completed'],
    [4, 'execution.completed'],
  ]);
  expect(JSON.parse(/data: (.*)/.exec(whole.payload)?.[1] ?? '')).toMatchObject({ seq: 1, type: 'execution.created' });
  const rest = await stream(id, { 'last-event-id': '3' });
  expect(frames(rest.payload)).toEqual([[4, 'execution.completed']]);
  expect((await stream(id, { 'last-event-id': '4' })).statusCode).toBe(204);
});

test('a stream follows what happens and ends with the execution', async () => {
  const { id } = await started(NAP);
  await execution(parts, id, (row) => row.status === 'waiting');
  const following = stream(id, { 'last-event-id': '3' });
  await call('cancelExecution', { params: { id } });
  expect(frames((await following).payload)).toEqual([[4, 'execution.canceled']]);
});

test('streams end when the server stops', async () => {
  const other = await createApi(parts);
  const { id } = await started(NAP);
  await execution(parts, id, (row) => row.status === 'waiting');
  const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream' };
  const following = other.inject({ url: `/api/executions/${id}/events`, headers });
  await other.inject({ url: '/health/live' });
  await other.close();
  expect(frames((await following).payload)).toHaveLength(3);
});
