/** Schedules through the API, under a date that the test sets. */
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import type { OperationId } from '../contract/routes.ts';
import { Scheduler } from '../engine/scheduler.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, execution, newKey, type Sent, serverParts } from '../testing/api.ts';
import { newId, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-27T12:00:00Z') });

const parts = serverParts({ roles: ['api', 'worker'] });
const { store, engine, runtime } = parts;
const scheduler = new Scheduler({ store: store.schedules, plans: engine.plans, runtime, stats: engine.stats });
let app: FastifyInstance;
let key: string;
const call = (id: OperationId, sent: Sent = {}) => callApi(app, key, id, sent);

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(store);
  await engine.start();
});
afterAll(async () => {
  await app.close();
  await engine.stop(0);
  vi.useRealTimers();
});

const NODES = [{ id: 'only', type: 'transform', config: { set: { at: '{{ $trigger.scheduledAt }}' } } }];
const documentOf = (config: object, name = newName()) => ({
  ...{ name, triggers: [{ id: 'daily', type: 'schedule', ...config }], nodes: NODES },
});
const create = (config: object) => call('createWorkflow', { body: documentOf(config), query: { activate: 'true' } });
const triggerOf = async (workflow: string) => (await call('listTriggers', { params: { id: workflow } })).body.items[0];

test('the example starts on the next working day, and knows for which', async () => {
  const document = parse(readFileSync(new URL('../../examples/daily-report.yaml', import.meta.url), 'utf8'));
  const { body, status, text } = await call('createWorkflow', { body: document, query: { activate: 'true' } });
  expect(status, text).toBe(201);
  expect(await triggerOf(body.id)).toMatchObject({ nextAt: '2026-11-30T07:00:00.000Z', lastAt: null });
  vi.setSystemTime(Date.parse('2026-11-30T07:00:02Z'));
  await scheduler.runOnce();
  const [row] = await store.executions.list({ projectId: DEFAULT_PROJECT, workflowId: body.id, limit: 2 });
  const { id } = await execution(parts, row!.id);
  const view = (await call('getExecution', { params: { id } })).body;
  expect(view).toMatchObject({ status: 'completed', triggerId: 'daily' });
  expect(view.output).toMatchObject({ title: 'Report of 2026-11-30', late: false });
  const times = { nextAt: '2026-12-01T07:00:00.000Z', lastAt: '2026-11-30T07:00:00.000Z' };
  expect(await triggerOf(body.id)).toMatchObject(times);
});

test('the next times are told in UTC and local time', async () => {
  const { body } = await create({ cron: '0 8 * * *', timezone: 'America/New_York' });
  const { id } = await triggerOf(body.id);
  const next = await call('nextTimes', { params: { id }, query: { count: '2' } });
  expect(next.body).toEqual({
    timezone: 'America/New_York',
    times: [
      { at: '2026-11-30T13:00:00.000Z', local: '2026-11-30T08:00:00-05:00' },
      { at: '2026-12-01T13:00:00.000Z', local: '2026-12-01T08:00:00-05:00' },
    ],
  });
  expect((await call('nextTimes', { params: { id } })).body.times).toHaveLength(10);
  expect((await call('nextTimes', { params: { id }, query: { count: '101' } })).status).toBe(400);
  await call('pauseWorkflow', { params: { id: body.id }, body: {} });
  expect((await call('nextTimes', { params: { id }, query: { count: '2' } })).body).toEqual(next.body);
  expect((await triggerOf(body.id)).nextAt).toBeNull();
  expect((await call('nextTimes', { params: { id: newId() } })).body.code).toBe('trigger_not_found');
  const foreign = await callApi(app, await newKey(store, newId()), 'nextTimes', { params: { id } });
  expect(foreign.body.code).toBe('trigger_not_found');
});

test('other triggers have no times', async () => {
  const body = { name: newName(), triggers: [{ id: 'hand', type: 'manual' }], nodes: NODES };
  const created = await call('createWorkflow', { body });
  const { id } = await triggerOf(created.body.id);
  expect((await call('nextTimes', { params: { id } })).body.code).toBe('not_a_schedule');
});

test('a config that is not saved has times too, or faults', async () => {
  const preview = (body: object) => call('previewSchedule', { body, query: { count: '1' } });
  expect((await preview({ every: '1h' })).body).toEqual({
    ...{ timezone: 'UTC', times: [{ at: '2026-11-30T08:00:00.000Z', local: '2026-11-30T08:00:00+00:00' }] },
  });
  const refused = await preview({ cron: '61 * * * *' });
  expect(refused.body.errors).toMatchObject([{ message: 'is no pattern: Invalid value for minute: 61' }]);
});

test.each<[object, string]>([
  [{ cron: '* * *' }, 'triggers[0].cron'],
  [{ every: '10ms' }, 'triggers[0].every'],
  [{ every: '1h', timezone: 'Nowhere' }, 'triggers[0].timezone'],
  [{ at: '2026-11-27T11:00:00Z' }, 'triggers[0].at'],
  [{ cron: '0 3 * * *', window: { hours: '09:00-17:00' } }, 'triggers[0].window'],
])('%j is refused at %s', async (config, path) => {
  const { status, body } = await create(config);
  expect([status, body.code, body.errors[0].path]).toEqual([422, 'invalid_definition', path]);
});

test('a date that has passed since it was saved hinders no other change', async () => {
  const config = { at: '2026-11-30T09:00:00', timezone: 'Europe/Berlin' };
  const { body } = await create(config);
  vi.setSystemTime(Date.parse('2026-11-30T08:00:30Z'));
  const change = (to: object) =>
    call('updateWorkflow', { params: { id: body.id }, body: { ...documentOf(to, body.name), description: 'x' } });
  expect((await change(config)).status).toBe(200);
  expect((await change({ ...config, timezone: 'UTC' })).status).toBe(200);
  expect((await change(config)).body.errors[0].path).toBe('triggers[0].at');
  const rolled = await call('rollbackWorkflow', { params: { id: body.id }, body: { version: 1 } });
  expect(rolled.status, rolled.text).toBe(200);
});

test('figures say how late schedules are', async () => {
  await create({ every: '1h' });
  vi.setSystemTime(Date.parse('2026-11-30T09:02:00Z'));
  expect((await call('metrics')).text).toContain('myelin_schedule_lateness_seconds 120');
  await scheduler.runOnce();
  const { text } = await call('metrics');
  expect(text).toContain('myelin_schedule_lateness_seconds 0');
  expect(text).toMatch(/myelin_schedules_started_total\{late="true"\} [1-9]/);
});
