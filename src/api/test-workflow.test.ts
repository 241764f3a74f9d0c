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

const set = (id: string, value: unknown) => ({ id, type: 'transform', config: { value } });
const FAIL = { id: 'stop', type: 'fail', config: { message: 'no' } };

async function saved(over: object = {}): Promise<string> {
  const name = newName();
  const { status, text } = await call('createWorkflow', { body: { name, nodes: [set('a', 'saved')], ...over } });
  expect(status, text).toBe(201);
  return name;
}

async function tested(id: string, body: object) {
  const { status, headers, body: answer, text } = await call('testWorkflow', { params: { id }, body });
  expect(status, text).toBe(202);
  expect(headers.location).toBe(`/api/executions/${answer.executionId}`);
  await execution(parts, answer.executionId);
  return (await call('getExecution', { params: { id: answer.executionId } })).body;
}

test('a draft runs without being saved, and says that it is a test', async () => {
  const id = await saved();
  const nodes = [set('b', '{{ $trigger.n + 1 }}')];
  const run = await tested(id, { definition: { name: id, nodes }, input: { n: 1 } });
  expect(run).toMatchObject({ status: 'completed', output: 2, test: true, triggerId: 'test', workflowName: id });
  expect(run.nodes).toMatchObject([{ path: 'b', status: 'completed' }]);
  expect((await call('getWorkflow', { params: { id } })).body).toMatchObject({ version: 1 });
  expect((await call('listVersions', { params: { id } })).body.items).toMatchObject([{ version: 1 }]);
  const { body } = await call('getVersion', { params: { id, version: String(run.version) } });
  expect(body).toMatchObject({ present: false, definition: { name: id, nodes } });
  expect((await call('listExecutions', { query: { workflow: id } })).body.items).toMatchObject([{ test: true }]);
});

test('a document that belongs to no workflow yet runs too, and makes none', async () => {
  const name = newName();
  const body = { definition: { name, nodes: [set('a', 1), set('b', '{{ $json + $trigger.n }}')], edges: ['a -> b'] } };
  const {
    status,
    body: answer,
    text,
  } = await call('testDraft', { body: { ...body, input: { n: 2 }, pins: { a: 5 } } });
  expect(status, text).toBe(202);
  await execution(parts, answer.executionId);
  const run = (await call('getExecution', { params: { id: answer.executionId } })).body;
  expect(run).toMatchObject({ status: 'completed', output: 7, test: true });
  expect((await call('getWorkflow', { params: { id: name } })).status).toBe(404);
  const version = { id: run.workflowId, version: String(run.version) };
  expect((await call('getVersion', { params: version })).body.definition).toMatchObject({ name });
  const refused = await call('testDraft', { body: { definition: { name, nodes: [] } } });
  expect(refused.body.code).toBe('invalid_definition');
  expect((await call('testDraft', { body: { ...body, until: 'c' } })).body.code).toBe('invalid_request');
  expect((await callApi(app, null, 'testDraft', { body })).status).toBe(401);
});

test('without a document the present one runs, also that of a paused workflow', async () => {
  const id = await saved();
  await call('pauseWorkflow', { params: { id } });
  expect(await tested(id, {})).toMatchObject({ output: 'saved', trigger: {}, test: true });
  await call('activateWorkflow', { params: { id } });
  const { body } = await call('executeWorkflow', { params: { id } });
  await execution(parts, body.executionId);
  expect((await call('getExecution', { params: { id: body.executionId } })).body).not.toHaveProperty('test');
});

test('a pinned node has its output and does not run; until a node, nothing after it does', async () => {
  const nodes = [FAIL, set('b', '{{ $json.n * 2 }}'), { ...FAIL, id: 'after' }];
  const id = await saved();
  const definition = { name: id, nodes: [set('stop', 1), ...nodes.slice(1)], edges: ['stop -> b', 'b -> after'] };
  const run = await tested(id, { definition, pins: { stop: { n: 21 } }, until: 'b' });
  expect(run).toMatchObject({ status: 'completed', output: 42 });
  expect(run.nodes.map((node: { path: string }) => node.path)).toEqual(['stop', 'b']);
  const { body } = await call('listExecutionLogs', { params: { id: run.id } });
  expect(body.items[0].message).toBe('created by a test');
  expect(body.items[2]).toMatchObject({ path: 'stop', message: 'pinned in this test, went on by out' });
});

test('a node in a container is pinned and run by its place', async () => {
  const id = await saved();
  const nodes = [FAIL, set('b', '{{ $json.n * $item }}'), { ...FAIL, id: 'after' }];
  const body = { nodes: [set('stop', 1), ...nodes.slice(1)], edges: ['stop -> b', 'b -> after'] };
  const definition = { name: id, nodes: [{ id: 'each', type: 'map', config: { items: [1, 2], body } }] };
  const run = await tested(id, { definition, pins: { 'each/stop': { n: 21 } }, until: 'each/b' });
  expect(run).toMatchObject({ status: 'completed', output: [21, 42] });
  const { status, body: refused } = await call('testWorkflow', {
    params: { id },
    body: { definition, until: 'each/c' },
  });
  expect([status, refused.errors[0].message]).toEqual([400, 'there is no node each/c (did you mean each/b?)']);
});

test('its end is heard by nobody, it leaves no dead letter and takes no slot', async () => {
  const handler = await saved();
  await call('activateWorkflow', { params: { id: handler } });
  const listener = newName();
  const id = await saved({ nodes: [FAIL], settings: { errorWorkflow: handler, concurrency: { limit: 1 } } });
  const triggers = [{ id: 'heard', type: 'workflow', workflow: id, on: ['failed'] }];
  const body = { name: listener, triggers, nodes: [set('a', 1)] };
  expect((await call('createWorkflow', { body, query: { activate: 'true' } })).status).toBe(201);
  expect(await tested(id, {})).toMatchObject({ status: 'failed', test: true });
  for (const workflow of [handler, listener]) {
    expect((await call('listExecutions', { query: { workflow } })).body.items).toEqual([]);
  }
  expect((await call('listDeadLetters', { query: { workflow: id } })).body.items).toEqual([]);
  expect((await call('listFlow')).body.items).toEqual([]);
});

test('a test that failed can be retried, on its own document', async () => {
  const id = await saved();
  const run = await tested(id, { definition: { name: id, nodes: [FAIL] } });
  await call('retryExecution', { params: { id: run.id } });
  await execution(parts, run.id);
  const again = (await call('getExecution', { params: { id: run.id } })).body;
  expect(again).toMatchObject({ status: 'failed', version: run.version, nodes: [{ path: 'stop' }] });
  expect((await call('listDeadLetters', { query: { workflow: id } })).body.items).toEqual([]);
  await call('deleteExecution', { params: { id: run.id } });
  const gone = await call('getVersion', { params: { id, version: String(run.version) } });
  expect(gone.body.code).toBe('version_not_found');
});

test('faults are named, and nothing runs', async () => {
  const input = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] };
  const id = await saved({ triggers: [{ id: 'by-hand', type: 'manual', input }] });
  const refused = async (body: object) => (await call('testWorkflow', { params: { id }, body })).body;
  const invalid = await refused({ definition: { name: id, nodes: [{ id: 'a', type: 'tranform' }] } });
  expect(invalid).toMatchObject({ status: 422, code: 'invalid_definition', errors: [{ path: 'nodes[0].type' }] });
  const unknown = await refused({ pins: { b: 1, a: 1 }, until: 'z' });
  expect(unknown).toMatchObject({ status: 400, errors: [{ path: 'pins.b' }, { path: 'until' }] });
  expect(await refused({ input: {} })).toMatchObject({ status: 400, errors: [{ path: 'input.n' }] });
  expect(await refused({ pin: {} })).toMatchObject({ status: 400, errors: [{ path: 'body.pin' }] });
  expect((await call('testWorkflow', { params: { id: 'nobody' } })).body.code).toBe('workflow_not_found');
  expect((await call('listExecutions', { query: { workflow: id } })).body.items).toEqual([]);
});
