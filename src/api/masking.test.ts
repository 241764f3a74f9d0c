/** Canaries: of a workflow that masks, no row of any table holds what came in, whatever door it came by. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, memoryDatabase } from '../adapters/memory/database.ts';
import type { OperationId } from '../contract/routes.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, execution, newKey, type Sent, serverParts } from '../testing/api.ts';
import { newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const database = memoryDatabase();
const parts = serverParts({ database });
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

const CARD = '4111 1111 1111 1111';
/** No two doors share one, so that a leak names its door. */
const from = (door: string) => ({ text: `${door}-canary@example.com, ${CARD}`, door });
const ECHO = { id: 'echo', type: 'transform', config: { value: '{{ $json }}' } };
const settings = { mask: { rules: ['email', 'card'] } };

async function saved(document: object): Promise<string> {
  const name = newName();
  const { status, text } = await call('createWorkflow', { body: { name, settings, ...document } });
  expect(status, text).toBe(201);
  return name;
}

/** But for the log of messages: it keeps what was sent, which no workflow can speak for. */
function dump({ messages: _, ...tables }: Database): string {
  const plain = (_: string, value: unknown): unknown =>
    value instanceof Map ? [...value] : value instanceof Set ? [...value] : value;
  return JSON.stringify(tables, plain);
}

/** Starts a workflow of this node, and resolves with the execution when it waits. */
async function waiting(node: object, over: object = {}): Promise<string> {
  const name = await saved({ nodes: [node], ...over });
  const { body } = await call('executeWorkflow', { params: { id: name }, body: { input: from('trigger') } });
  await execution(parts, body.executionId, (row) => row.status === 'waiting');
  return body.executionId;
}

/** Its end shows the mask, and no table anything else. */
async function expectClean(id: string): Promise<void> {
  await execution(parts, id);
  const { text } = await call('getExecution', { params: { id } });
  expect(text).toContain('[email], [card]');
  const tables = dump(database);
  for (const door of DOORS) expect(tables, door).not.toContain(`${door}-canary`);
  expect(tables).not.toContain(CARD);
}

const DOORS = ['trigger', 'callback', 'comment', 'event', 'skip'];

test('the trigger, and the lanes that are made of it', async () => {
  const concurrency = { limit: 1, key: '{{ $trigger.text }}' };
  const name = await saved({ nodes: [ECHO], settings: { ...settings, concurrency } });
  const { body } = await call('executeWorkflow', { params: { id: name }, body: { input: from('trigger') } });
  await expectClean(body.executionId);
});

test('a failure that tells of it', async () => {
  const fail = { id: 'f', type: 'fail', config: { message: '{{ $json.text }}' } };
  const name = await saved({ nodes: [fail] });
  const { body } = await call('executeWorkflow', { params: { id: name }, body: { input: from('trigger') } });
  await expectClean(body.executionId);
});

test('a callback', async () => {
  const id = await waiting({ id: 'w', type: 'wait', config: { for: 'callback' } });
  const urlOf = await parts.engine.links.callbackUrls(DEFAULT_PROJECT);
  const answered = await app.inject({ method: 'POST', url: urlOf(id), payload: from('callback') });
  expect(answered.statusCode).toBe(202);
  await expectClean(id);
});

test('a decision', async () => {
  const id = await waiting({ id: 'p', type: 'approval', config: { title: 'Pay?' } });
  const { items } = (await call('listApprovals')).body;
  const { id: approval } = items.find((one: { executionId: string }) => one.executionId === id);
  const body = { decision: 'approved', by: 'boss@example.org', comment: from('comment').text };
  const { body: view } = await call('decideApproval', { params: { id: approval }, body });
  expect(view.decision).toMatchObject({ by: 'boss@example.org', comment: '[email], [card]' });
  await expectClean(id);
});

test('an event', async () => {
  const id = await waiting({ id: 'w', type: 'wait', config: { for: 'event', type: 'masking.told' } });
  const sent = { type: 'masking.told', data: from('event') };
  expect((await call('sendEvents', { body: sent })).status).toBe(202);
  await expectClean(id);
});

test('what a person gives for a node', async () => {
  const id = await waiting({ id: 'w', type: 'wait', config: { for: 'callback' } });
  const body = { path: 'w', output: from('skip'), reason: from('skip').text };
  expect((await call('skipNode', { params: { id }, body })).status).toBe(202);
  await expectClean(id);
});

test('a workflow that masks nothing holds what came: the canaries can sing', async () => {
  const name = await saved({ nodes: [ECHO], settings: {} });
  const { body } = await call('executeWorkflow', { params: { id: name }, body: { input: from('other') } });
  await execution(parts, body.executionId);
  expect(dump(database)).toContain('other-canary');
});
