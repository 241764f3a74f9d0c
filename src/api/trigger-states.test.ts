/** How triggers at brokers are getting on, as the API tells it. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { FAILURE, NOW, newId, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const parts = serverParts();
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

test('a trigger has the state that its processes tell, and the error in words', async () => {
  const nodes = [{ id: 'only', type: 'transform', config: {} }];
  const triggers = [{ id: 'in', type: 'kafka', connection: 'none', topic: 'orders' }];
  const { body, text } = await callApi(app, key, 'createWorkflow', { body: { name: newName(), triggers, nodes } });
  const list = async () => (await callApi(app, key, 'listTriggers', { params: { id: body.id } })).body.items[0];
  const { id, state } = await list();
  expect(state, text).toBeNull();
  const told = { projectId: DEFAULT_PROJECT, triggerId: id, since: NOW, lastMessageAt: null, messages: 3, lag: 4 };
  await parts.store.triggerStates.tell(newId(), [{ ...told, status: 'error', error: FAILURE }], 60_000);
  const since = new Date(NOW).toISOString();
  expect((await list()).state).toEqual({
    ...{ status: 'error', since, lastMessageAt: null, messages: 3, lag: 4, processes: 1 },
    error: { code: FAILURE.code, message: FAILURE.message },
  });
  const all = (await callApi(app, key, 'listProjectTriggers')).body.items;
  expect(all.find((one: { id: string }) => one.id === id).state.status).toBe('error');
  const stranger = await newKey(parts.store, newId());
  expect((await callApi(app, stranger, 'listProjectTriggers')).body.items).toEqual([]);
  const metrics = (await callApi(app, key, 'metrics')).text;
  expect(metrics).toContain('myelin_trigger_errors{type="kafka"} 1');
});
