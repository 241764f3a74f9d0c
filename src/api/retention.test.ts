import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { endedCreation, NOW, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const parts = serverParts();
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

const DAY = 86_400_000;
const nodes = [{ id: 'a', type: 'transform' }];

async function workflow(settings: object = {}): Promise<string> {
  const { status, body, text } = await callApi(app, key, 'createWorkflow', {
    body: { name: newName(), nodes, settings },
  });
  expect(status, text).toBe(201);
  return body.id;
}

test('tells the rules of the server and of each workflow, and what would go', async () => {
  const [plain, own] = [await workflow(), await workflow({ retention: { completed: '7d', count: { failed: 1 } } })];
  const ended = (status: 'completed' | 'failed', days: number) =>
    endedCreation({ projectId: DEFAULT_PROJECT, status, finishedAt: NOW - days * DAY }, { workflowId: own });
  await parts.store.executions.commit([
    ended('completed', 8),
    ended('completed', 6),
    ended('failed', 1),
    ended('failed', 1),
    ended('failed', 1),
  ]);
  const { status, body } = await callApi(app, key, 'getRetention');
  expect(status).toBe(200);
  expect(body.rules).toEqual({ completed: '30d', failed: '90d', canceled: '30d', compensated: '90d' });
  const find = (id: string) => body.items.find((item: { workflowId: string }) => item.workflowId === id);
  expect(find(plain)).toMatchObject({ own: false, rules: body.rules, due: { completed: 0, failed: 0 } });
  expect(find(own)).toMatchObject({
    own: true,
    rules: { completed: '7d', failed: '90d, newest 1', canceled: '30d' },
    due: { completed: 1, failed: 2, canceled: 0 },
  });
});

test('removes nothing, and says when a pass did', async () => {
  const before = await callApi(app, key, 'getRetention');
  expect(before.body.lastPass).toBeNull();
  await parts.store.retention.begin(0);
  expect((await callApi(app, key, 'getRetention')).body.lastPass).toMatchObject({ finishedAt: null });
  await parts.store.retention.progress(0, true);
  const after = await callApi(app, key, 'getRetention');
  expect(after.body.lastPass.finishedAt).toEqual(expect.any(String));
  expect(after.body.items).toEqual(before.body.items);
});

test('comes in pages, and shows one project only', async () => {
  await workflow();
  const first = await callApi(app, key, 'getRetention', { query: { limit: '1' } });
  const second = await callApi(app, key, 'getRetention', { query: { limit: '1', cursor: first.body.nextCursor } });
  expect(second.body.items).toHaveLength(1);
  expect(second.body.items[0].workflowId > first.body.items[0].workflowId).toBe(true);
  const stranger = await newKey(parts.store, '00000000-0000-7000-8000-000000000002');
  expect((await callApi(app, stranger, 'getRetention')).body.items).toEqual([]);
});

test('rules that nobody can follow are refused with their place', async () => {
  const settings = { retention: { completed: '30', running: '1d', count: 0 } };
  const { status, body } = await callApi(app, key, 'createWorkflow', { body: { name: newName(), nodes, settings } });
  expect(status).toBe(422);
  expect(body.errors.map((fault: { path: string }) => fault.path).sort()).toEqual([
    'settings.retention.completed',
    'settings.retention.count',
    'settings.retention.running',
  ]);
});
