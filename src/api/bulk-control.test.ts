import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '../contract/routes.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, execution, newKey, type Sent, serverParts } from '../testing/api.ts';
import { newName } from '../testing/factories.ts';
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

const NAP = { id: 'nap', type: 'delay', config: { for: '1h' } };
const fail = (code: string) => ({ id: 'broken', type: 'fail', config: { message: 'it broke', code } });
const is = (status: string) => (row: { status: string }) => row.status === status;

/** As many executions of a new workflow, each in this status. */
async function runs(node: object, status: string, count: number): Promise<{ name: string; ids: string[] }> {
  const name = newName();
  await call('createWorkflow', { body: { name, nodes: [node] } });
  const inputs = Array.from({ length: count }, (_, n) => ({ n }));
  const { body } = await call('executeWorkflow', { params: { id: name }, body: { inputs } });
  for (const id of body.executionIds) await execution(parts, id, is(status));
  return { name, ids: body.executionIds };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const read = async (id: string) => (await call('getExecution', { params: { id } })).body;

test('all that fit are canceled, in pages, and a second time there is nothing to do', async () => {
  const { name, ids } = await runs(NAP, 'waiting', 502);
  const other = await runs(NAP, 'waiting', 1);
  const filter = { workflow: name, status: ['waiting', 'completed'] };
  expect((await call('countExecutions', { query: { workflow: name, limit: '1000' } })).body).toEqual({
    count: 502,
    whole: true,
  });
  const first = await call('cancelExecutions', { body: { filter, reason: 'not wanted' } });
  expect(first).toMatchObject({ status: 200, body: { done: 500, refused: 0, nextCursor: expect.any(String) } });
  const body = { filter, reason: 'not wanted', cursor: first.body.nextCursor };
  expect((await call('cancelExecutions', { body })).body).toEqual({ done: 2, refused: 0, nextCursor: null });
  for (const id of ids) await execution(parts, id, is('canceled'));
  const history = (await call('listExecutionEvents', { params: { id: ids[0] as string } })).body.items;
  expect(history.at(-1)).toMatchObject({ type: 'execution.canceled', data: { reason: 'not wanted' } });
  expect((await call('cancelExecutions', { body: { filter } })).body).toEqual({
    done: 0,
    refused: 0,
    nextCursor: null,
  });
  expect((await read(other.ids[0] as string)).status).toBe('waiting');
});

test('what was created later than the order is left alone', async () => {
  const asOf = new Date(parts.runtime.now() - 60_000).toISOString();
  const { name } = await runs(NAP, 'waiting', 1);
  const { body } = await call('cancelExecutions', { body: { filter: { workflow: name }, asOf } });
  expect(body).toEqual({ done: 0, refused: 0, nextCursor: null });
});

test('all that failed are retried, once for an order however often it is sent; what is in doubt is refused', async () => {
  const { name, ids } = await runs(fail('broken'), 'failed', 3);
  const doubted = await runs(fail('in_doubt'), 'failed', 1);
  const at = parts.runtime.now() + 1;
  while (parts.runtime.now() <= at) await turn();
  const asOf = new Date(at).toISOString();
  const send = (workflow: string) => call('retryExecutions', { body: { filter: { workflow }, asOf } });
  expect((await send(name)).body).toEqual({ done: 3, refused: 0, nextCursor: null });
  const hasRetried = async (id: string) => {
    const { body } = await call('listExecutionEvents', { params: { id } });
    return body.items.filter(({ type }: { type: string }) => type === 'execution.retried').length;
  };
  for (const id of ids) {
    while ((await hasRetried(id)) === 0) await turn();
    await execution(parts, id, is('failed'));
  }
  expect((await send(name)).body).toEqual({ done: 0, refused: 0, nextCursor: null });
  for (const id of ids) expect(await hasRetried(id)).toBe(1);
  expect((await send(doubted.name)).body).toEqual({ done: 0, refused: 1, nextCursor: null });
  expect((await read(doubted.ids[0] as string)).status).toBe('failed');
});

test('a filter is checked, and only who may write cancels', async () => {
  expect((await call('cancelExecutions', { body: { filter: { status: 'lost' } } })).status).toBe(400);
  expect((await call('cancelExecutions', { body: {} })).status).toBe(400);
  expect((await call('cancelExecutions', { body: { filter: { workflow: 'nobody' } } })).status).toBe(404);
  expect((await call('retryExecutions', { body: { filter: {}, cursor: 'x' } })).body.detail).toContain('nextCursor');
  const reader = await newKey(parts.store, DEFAULT_PROJECT, { role: 'viewer' });
  for (const id of ['cancelExecutions', 'retryExecutions'] as const)
    expect((await callApi(app, reader, id, { body: { filter: {} } })).status).toBe(403);
});
