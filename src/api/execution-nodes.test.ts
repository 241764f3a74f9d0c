import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '../contract/routes.ts';
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

/** For each item: its double, and where it is 3 a failure that is collected. */
const EACH = {
  id: 'each',
  type: 'map',
  config: {
    items: '{{ $trigger.items }}',
    limit: 2,
    onItemError: 'collect',
    body: {
      nodes: [
        { id: 'odd', type: 'if', config: { condition: '{{ $item == 3 }}' } },
        { id: 'stop', type: 'fail', config: { message: 'three' } },
        { id: 'double', type: 'transform', config: { value: '{{ $item * 2 }}' } },
      ],
      edges: ['odd:true -> stop', 'odd:false -> double'],
    },
  },
};

async function ended(nodes: object[], input: unknown): Promise<string> {
  const name = newName();
  const saved = await call('createWorkflow', { body: { name, nodes } });
  expect(saved.status, saved.text).toBe(201);
  const { body } = await call('executeWorkflow', { params: { id: name }, body: { input } });
  await execution(parts, body.executionId);
  return body.executionId;
}

test('values are left out, and their sizes told', async () => {
  const big = 'x'.repeat(10_000);
  const id = await ended([{ id: 'a', type: 'transform' }], { big });
  const { body, text } = await call('getExecution', { params: { id }, query: { values: 'omit' } });
  const bytes = JSON.stringify({ big }).length;
  expect(body).toMatchObject({ status: 'completed', triggerBytes: bytes, outputBytes: bytes });
  expect(body.nodes).toMatchObject([{ path: 'a', status: 'completed', outputBytes: bytes }]);
  expect(text.length).toBeLessThan(1_000);
  const whole = await call('getExecution', { params: { id }, query: { values: 'whole' } });
  expect(whole.body).toMatchObject({ trigger: { big }, output: { big }, nodes: [] });
  const node = await call('getExecutionNode', { params: { id }, query: { path: 'a', values: 'omit' } });
  expect(node.body).toMatchObject({ inputBytes: bytes, outputBytes: bytes });
  expect(node.text.length).toBeLessThan(1_000);
  const history = await call('listExecutionEvents', { params: { id }, query: { values: 'omit' } });
  expect(history.text.length).toBeLessThan(2_000);
  expect(history.body.items.at(-1)).toMatchObject({
    type: 'execution.completed',
    omitted: [{ field: 'output.big', bytes: big.length + 2 }],
  });
  const both = await call('getExecution', { params: { id }, query: { values: 'omit', include: 'input' } });
  expect(both.body).toMatchObject({ status: 400, code: 'invalid_request' });
});

test('an execution is shown as it was after an event', async () => {
  const id = await ended([{ id: 'a', type: 'transform' }], { n: 1 });
  const at = async (seq: string) => (await call('getExecution', { params: { id }, query: { at: seq } })).body;
  expect(await at('1')).toMatchObject({
    status: 'pending',
    startedAt: null,
    output: null,
    nodes: [{ status: 'pending' }],
  });
  expect(await at('2')).toMatchObject({ status: 'running', finishedAt: null, nodes: [{ status: 'pending' }] });
  expect(await at('3')).toMatchObject({ status: 'running', output: null, nodes: [{ status: 'completed' }] });
  expect(await at('4')).toEqual((await call('getExecution', { params: { id } })).body);
  expect(await at('5')).toMatchObject({ status: 400, detail: 'query.at: the execution has 4 events' });
  expect(await at('0')).toMatchObject({ status: 400, errors: [{ path: 'query.at' }] });
});

test('one node has its input, its output and its attempts', async () => {
  const id = await ended([EACH], { items: [1, 2] });
  const node = async (query: Record<string, string>) =>
    (await call('getExecutionNode', { params: { id }, query })).body;
  expect(await node({ path: 'each[1]/double' })).toMatchObject({
    ...{ path: 'each[1]/double', type: 'transform', status: 'completed', input: 2, output: 4, attempts: [], waits: [] },
  });
  expect(await node({ path: 'each' })).toMatchObject({ output: [2, 4], progress: { done: 2, total: 2 } });
  expect(await node({ path: 'each[1]/double', at: '3' })).toMatchObject({ code: 'node_not_found' });
  expect(await node({ path: 'each[7]/double' })).toMatchObject({
    status: 404,
    detail: 'each[7]/double has not begun.',
  });
  expect(await node({ path: 'nobody' })).toMatchObject({ status: 404, detail: 'The workflow has no node nobody.' });
  expect(await node({ path: 'each', attempt: '1' })).toMatchObject({ detail: 'each has made no attempt 1.' });
  expect(await node({})).toMatchObject({ status: 400, errors: [{ path: 'query.path' }] });
});

test('each attempt of a task is told', async () => {
  const id = await ended([{ id: 'a', type: 'code', config: { source: 'return 1' } }], {});
  const { body } = await call('getExecutionNode', { params: { id }, query: { path: 'a', attempt: '1' } });
  expect(body.attempts).toMatchObject([{ attempt: 1, retryAt: null }]);
  expect(body.attempts[0].scheduledAt <= body.attempts[0].startedAt).toBe(true);
  expect(body.attempts[0].finishedAt).toBe(body.finishedAt);
});

test('iterations of a container are paged, with their status and nodes', async () => {
  const id = await ended([EACH], { items: [1, 2, 3, 4, 5] });
  const page = async (query: Record<string, string>) =>
    (await call('listIterations', { params: { id }, query: { parent: 'each', limit: '2', ...query } })).body;
  const first = await page({});
  expect(first.items.map((one: { path: string }) => one.path)).toEqual(['each[0]', 'each[1]']);
  const second = await page({ cursor: first.nextCursor });
  expect(second.items).toMatchObject([
    { index: 2, path: 'each[2]', status: 'failed', error: { message: 'three' } },
    { index: 3, status: 'completed', error: null },
  ]);
  expect(second.items[1].nodes).toMatchObject([
    { path: 'each[3]/odd', status: 'completed', port: 'false' },
    { path: 'each[3]/stop', status: 'skipped' },
    { path: 'each[3]/double', output: 8 },
  ]);
  const third = await page({ cursor: second.nextCursor, values: 'omit' });
  expect(third).toMatchObject({ items: [{ index: 4 }], nextCursor: null });
  expect(third.items[0].nodes[2]).toMatchObject({ outputBytes: 2 });
  expect(third.items[0].nodes[2]).not.toHaveProperty('output');
  expect(await page({ at: '3' })).toEqual({ items: [], nextCursor: null });
});

test('iterations of one status are found among the others, page by page, and at any moment', async () => {
  const id = await ended([EACH], { items: [3, 1, 3, 2, 3] });
  const page = async (query: Record<string, string>) =>
    (await call('listIterations', { params: { id }, query: { parent: 'each', limit: '2', ...query } })).body;
  const first = await page({ status: 'failed' });
  expect(first.items).toMatchObject([
    { index: 0, status: 'failed', nodes: [{}, { path: 'each[0]/stop', status: 'failed' }, {}] },
    { index: 2, status: 'failed' },
  ]);
  const second = await page({ status: 'failed', cursor: first.nextCursor });
  expect(second).toMatchObject({ items: [{ index: 4, status: 'failed' }], nextCursor: null });
  expect((await page({ status: 'completed' })).items).toMatchObject([{ index: 1 }, { index: 3 }]);
  expect(await page({ status: 'running' })).toEqual({ items: [], nextCursor: null });
  expect((await page({ status: 'running', at: '4' })).items).toMatchObject([{ index: 0, status: 'running' }]);
  expect(await page({ status: 'lost' })).toMatchObject({ status: 400, errors: [{ path: 'query.status' }] });
});

test('a container inside of an iteration has iterations of its own', async () => {
  const inner = { ...EACH, id: 'inner', config: { ...EACH.config, items: '{{ $item }}' } };
  const outer = { id: 'outer', type: 'map', config: { items: '{{ $trigger.items }}', body: { nodes: [inner] } } };
  const id = await ended([outer], { items: [[1], [2, 4]] });
  const list = async (parent: string) => (await call('listIterations', { params: { id }, query: { parent } })).body;
  const { items } = await list('outer[1]/inner');
  expect(items.map((one: { path: string }) => one.path)).toEqual(['outer[1]/inner[0]', 'outer[1]/inner[1]']);
  const [, second] = (await list('outer')).items;
  expect(second.nodes).toMatchObject([{ path: 'outer[1]/inner', progress: { done: 2, total: 2 } }]);
  expect(await list('outer[9]/inner')).toEqual({ items: [], nextCursor: null });
  expect(await list('nobody')).toMatchObject({ status: 404, code: 'node_not_found' });
  expect(await list('outer[0]/inner[0]/odd')).toMatchObject({ status: 400, code: 'invalid_request' });
  const odd = await call('listIterations', { params: { id }, query: { parent: 'outer', cursor: 'x' } });
  expect(odd.body).toMatchObject({ status: 400, detail: 'query.cursor: take it from `nextCursor` of the page before' });
});
