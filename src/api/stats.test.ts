import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Status } from '../core/execution/index.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { creation, endedCreation, HOUR, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const parts = serverParts();
let app: FastifyInstance;
let key: string;
let name: string;
let workflowId: string;
/** A time of yesterday at a full hour. */
const then = Math.floor(Date.now() / HOUR) * HOUR - 3 * HOUR;

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
  name = newName();
  const nodes = [{ id: 'a', type: 'transform' }];
  const saved = await callApi(app, key, 'createWorkflow', { body: { name, nodes } });
  workflowId = saved.body.id;
  const ran = (at: number, ms: number, status: Status = 'completed') =>
    endedCreation(
      { projectId: DEFAULT_PROJECT, status, startedAt: at, finishedAt: at + ms },
      { workflowId, createdAt: at },
    );
  await parts.store.executions.commit([
    ...Array.from({ length: 9 }, () => ran(then, 100)),
    ran(then + 60_000, 1_000),
    ran(then + 60_000, 1_000, 'failed'),
    ran(then + HOUR, 1_000, 'canceled'),
    ran(then + HOUR, 1_000, 'compensated'),
    ran(then + HOUR, 1_000, 'compensation_failed'),
    creation({ projectId: DEFAULT_PROJECT }, { workflowId, createdAt: then + HOUR }),
  ]);
  const round = { minutes: 10_000, settleMs: 60_000, settles: true, since: 0 };
  await parts.store.figures.count(round);
});
afterAll(() => app.close());

const iso = (ms: number) => new Date(ms).toISOString();
const stats = (query: Record<string, string>, as = key) => callApi(app, as, 'getStats', { query });

test('figures come step by step, those without anything too', async () => {
  const { status, body } = await stats({ from: iso(then), to: iso(then + 3 * HOUR) });
  expect(status).toBe(200);
  expect(body).toMatchObject({ from: iso(then), to: iso(then + 3 * HOUR), step: '1h' });
  const [first, second, third] = body.series;
  expect(first).toMatchObject({ at: iso(then), started: 11, completed: 10, failed: 1, canceled: 0 });
  expect(Math.abs(first.p50 - 100)).toBeLessThan(30);
  expect(Math.abs(first.p95 - 1_000)).toBeLessThan(300);
  const nothing = { completed: 0, failed: 0, compensated: 0, canceled: 0, p50: null, p95: null, levels: null };
  expect(second).toEqual({ ...nothing, at: iso(then + HOUR), started: 4, failed: 1, compensated: 1, canceled: 1 });
  expect(third).toEqual({ ...nothing, at: iso(then + 2 * HOUR), started: 0 });
  expect(body.totals).toMatchObject({ started: 15, completed: 10, failed: 2, compensated: 1, canceled: 1 });
  expect(body.queue).toEqual({ queued: 1, held: 0, running: 0, waiting: 0 });
});

test('of a step in which somebody looked they tell the most there were at once', async () => {
  const round = { minutes: 1, settleMs: 60_000, settles: false, since: 0, looks: true };
  await parts.store.figures.count(round);
  const { body } = await stats({ workflow: name });
  const looked = body.series.findLast(({ levels }: { levels: unknown }) => levels !== null);
  expect(looked.levels).toEqual({ queued: 1, held: 0, running: 0, waiting: 0 });
  expect(body.series[0].levels).toBeNull();
});

test('steps are whole, in UTC, and there are defaults', async () => {
  const minutes = await stats({ from: iso(then + 1), to: iso(then + 61_000), step: '1m', workflow: name });
  expect(minutes.body.series.map(({ completed }: { completed: number }) => completed)).toEqual([9, 1]);
  const days = await stats({ step: '1d' });
  for (const { at } of days.body.series) expect(at).toMatch(/T00:00:00\.000Z$/);
  expect(days.body.totals.completed).toBe(10);
  expect((await stats({})).body.series).toHaveLength(25);
});

test.each([
  ['too many steps', { from: '2026-01-01', to: '2026-03-01', step: '1m' }, 400, /step: makes more than/],
  ['a time before its begin', { from: '2026-03-01', to: '2026-01-01' }, 400, /from: must be before/],
  ['a step that there is not', { step: '2m' }, 400, /step/],
  ['a workflow that nobody has', { workflow: 'nobody' }, 404, /nobody/],
] as [string, Record<string, string>, number, RegExp][])('%s: refused', async (_, query, status, detail) => {
  const answer = await stats(query);
  expect(answer.status).toBe(status);
  expect(answer.body.detail).toMatch(detail);
});

test('every workflow has its last 24 hours', async () => {
  const { body } = await callApi(app, key, 'getWorkflowStats');
  const [one] = body.items.filter((item: { workflowId: string }) => item.workflowId === workflowId);
  const ends = { completed: 10, failed: 2, compensated: 1, canceled: 1 };
  expect(one).toMatchObject({ workflowName: name, started: 15, ...ends, last: { status: 'pending' } });
  expect(one.spark).toHaveLength(24);
  const nothing = { completed: 0, failed: 0, compensated: 0, canceled: 0 };
  expect(one.spark.slice(20)).toEqual([
    { ...nothing, completed: 10, failed: 1 },
    { completed: 0, failed: 1, compensated: 1, canceled: 1 },
    nothing,
    nothing,
  ]);
});

test('another project sees nothing of it', async () => {
  const stranger = await newKey(parts.store, '00000000-0000-7000-8000-000000000002');
  expect((await callApi(app, stranger, 'getWorkflowStats')).body.items).toEqual([]);
  expect((await stats({}, stranger)).body.totals).toMatchObject({ started: 0, completed: 0 });
  expect((await stats({ workflow: name }, stranger)).status).toBe(404);
});
