/** An engine and its scheduler under a clock that the test turns: what starts when, and what it is told. */
import { expect, test } from 'vitest';
import { memoryDatabase } from '../adapters/memory/database.ts';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { MyelinError } from '../core/errors.ts';
import type { ScheduleConfig } from '../core/schedule/schedule.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { definition, newId, newName, newWorkflow } from '../testing/factories.ts';
import { Plans } from './plans.ts';
import { Scheduler } from './scheduler.ts';
import { Stats } from './stats.ts';

const clockAt = (time: string) => Date.parse(`2026-11-27T${time}Z`);

async function world(config: ScheduleConfig, time = '07:59:00') {
  const clock = { now: clockAt(time) };
  const warnings: { readonly lateMs?: number; readonly trigger?: string }[] = [];
  const quiet = systemRuntime('silent');
  const log = {
    ...quiet.log,
    warn: (one: object) => void warnings.push(one),
    error: (one: object) => void warnings.push(one),
  };
  const runtime = { ...quiet, now: () => clock.now, log };
  const database = memoryDatabase();
  const store = memoryStore(runtime, database);
  const plans = new Plans(store.workflows, createNodeTypes(ABSENT), async () => new Map() as never);
  const stats = new Stats();
  const told: (readonly string[])[] = [];
  const changed = (_: string, topics: readonly string[]) => void told.push(topics);
  const options = { store: store.schedules, plans, runtime, stats, changed };
  const scheduler = new Scheduler(options);
  const trigger = { id: newId(), name: 'daily', type: 'schedule', config: { ...config } };
  const workflow = await store.workflows.create(
    newWorkflow({ definition: definition(newName()), status: 'active', triggers: [trigger], now: clock.now }),
  );
  const at = async (next: string) => {
    clock.now = clockAt(next);
    await scheduler.runOnce();
  };
  const executions = async () => {
    const rows = await store.executions.list({ projectId: DEFAULT_PROJECT, workflowId: workflow.id, limit: 200 });
    return rows.reverse();
  };
  /** `$trigger` of each, the oldest first. */
  const started = async () => {
    const histories = await store.executions.histories((await executions()).map(({ id }) => id));
    return [...histories.values()].map(([created]) => (created as { data: { trigger: unknown } }).data.trigger);
  };
  return {
    clock,
    database,
    store,
    scheduler,
    options,
    trigger,
    workflow,
    at,
    executions,
    started,
    stats,
    told,
    warnings,
  };
}

const trigger = (scheduledAt: string, firedAt = scheduledAt, more: object = {}) => ({
  scheduledAt: `2026-11-27T${scheduledAt}.000Z`,
  firedAt: `2026-11-27T${firedAt}.000Z`,
  timezone: 'UTC',
  ...more,
});

test('each time starts one execution, that knows for which time it is', async () => {
  const { at, started, executions, told, workflow } = await world({ every: '1h', timezone: 'Europe/Berlin' });
  await at('07:59:59');
  expect(await started()).toEqual([]);
  expect(told).toEqual([]);
  await at('08:00:01');
  // The workflow is the same: what shows it reads nothing again.
  expect(told).toEqual([['executions', 'triggers']]);
  await at('08:00:02');
  await at('09:00:00');
  const timezone = 'Europe/Berlin';
  expect(await started()).toEqual([
    trigger('08:00:00', '08:00:01', { timezone }),
    trigger('09:00:00', '09:00:00', { timezone }),
  ]);
  expect(await executions()).toMatchObject([
    { workflowId: workflow.id, version: 1, triggerId: 'daily', status: 'pending', createdAt: clockAt('08:00:01') },
    {},
  ]);
});

test('a paused workflow starts nothing, and misses nothing when it goes on', async () => {
  const { at, started, store, workflow } = await world({ every: '1h', missed: 'all' });
  await store.workflows.setStatus(DEFAULT_PROJECT, workflow.id, 'paused', clockAt('07:59:00'));
  await at('08:00:00');
  await store.workflows.setStatus(DEFAULT_PROJECT, workflow.id, 'active', clockAt('11:30:00'));
  await at('12:00:00');
  expect(await started()).toEqual([trigger('12:00:00')]);
});

test.each<[ScheduleConfig['missed'], object[]]>([
  ['skip', []],
  ['one', [trigger('10:00:00', '10:30:00', { missed: 3 })]],
  ['all', ['08:00:00', '09:00:00', '10:00:00'].map((time) => trigger(time, '10:30:00', { missed: 1 }))],
])('after an outage, missed: %s', async (missed, expected) => {
  const { at, started, stats, warnings, trigger: own, store } = await world({ every: '1h', missed });
  await at('10:30:00');
  expect(await started()).toEqual(expected);
  expect(stats).toMatchObject({ scheduled: expected.length, scheduledLate: expected.length });
  expect(warnings).toHaveLength(expected.length);
  const lastAt = expected.length > 0 ? clockAt('10:00:00') : null;
  expect(await store.workflows.trigger(DEFAULT_PROJECT, own.id)).toMatchObject({ nextAt: clockAt('11:00:00'), lastAt });
});

test('one that is more than a minute late is told of', async () => {
  const { at, stats, warnings } = await world({ every: '1h' });
  await at('08:01:00');
  expect(stats).toMatchObject({ scheduled: 1, scheduledLate: 0 });
  await at('09:01:01');
  expect(stats).toMatchObject({ scheduled: 2, scheduledLate: 1 });
  expect(warnings).toMatchObject([{ lateMs: 61_000, trigger: 'daily', scheduledAt: '2026-11-27T09:00:00.000Z' }]);
});

test('overlap allow: the next starts beside the one before', async () => {
  const { at, started } = await world({ every: '1h' });
  await at('08:00:00');
  await at('09:00:00');
  expect(await started()).toHaveLength(2);
});

test('overlap skip: a time is left out while an execution has not ended', async () => {
  const { at, started, executions, store } = await world({ every: '20s', overlap: 'skip' });
  await at('08:00:20');
  expect(await started()).toEqual([trigger('07:59:20', '08:00:20')]);
  await at('08:00:40');
  expect(await started()).toHaveLength(1);
  await store.executions.quarantine((await executions())[0]!.id, new MyelinError('internal').toInfo());
  await at('08:01:00');
  expect(await started()).toHaveLength(2);
});

test('overlap queue: each waits for the one before in a lane of its own', async () => {
  const { at, store, workflow } = await world({ every: '1h', overlap: 'queue' });
  await at('08:00:00');
  await at('09:00:00');
  expect(await store.flow.lanes(DEFAULT_PROJECT, 10)).toEqual([
    { lane: `${workflow.id}:schedule:"daily"`, workflowName: workflow.name, taken: 0, waiting: 2 },
  ]);
});

test('overlap cancel_previous: the one before is canceled when the next starts', async () => {
  const { at, executions, store } = await world({ every: '20s', overlap: 'cancel_previous' });
  await at('08:00:20');
  await at('08:00:40');
  const ids = (await executions()).map(({ id }) => id);
  expect(ids).toHaveLength(2);
  const signals = await store.executions.signals(ids);
  expect(signals).toMatchObject([{ executionId: ids[0], signal: { type: 'cancel' } }]);
});

test('a schedule that cannot start hinders no other, and tries again at its next time', async () => {
  const { at, started, store, warnings, options } = await world({ every: '1h' });
  const plans = options.plans.get.bind(options.plans);
  let broken = true;
  options.plans.get = async (...of) => {
    if (broken) throw new MyelinError('config_invalid');
    return plans(...of);
  };
  await at('08:00:00');
  broken = false;
  expect(await started()).toEqual([]);
  expect(warnings).toMatchObject([{ trigger: 'daily', error: { code: 'config_invalid' } }]);
  await at('09:00:00');
  expect(await started()).toEqual([trigger('09:00:00')]);
  options.plans.get = async () => Promise.reject(new MyelinError('store_unavailable'));
  await expect(at('10:00:00')).rejects.toMatchObject({ code: 'store_unavailable' });
  options.plans.get = plans;
  await at('10:00:01');
  expect(await store.schedules.lateness(clockAt('10:00:01'))).toBe(0);
  expect(await started()).toEqual([trigger('09:00:00'), trigger('10:00:00', '10:00:01')]);
});

test('after a long outage a round starts so many, and the next ones at once the rest', async () => {
  const config = { every: '20m', missed: 'all', maxMissed: 1_000, overlap: 'queue' } as const;
  const { workflow, store, clock, options } = await world(config);
  const more = { id: newId(), name: 'more', type: 'schedule', config: { ...config, every: '30m' } };
  await store.workflows.create(
    newWorkflow({ definition: definition(newName()), status: 'active', triggers: [more], now: clock.now }),
  );
  clock.now += 10 * 24 * 3_600_000;
  const sizes: number[] = [];
  const take: typeof store.schedules.take = (now, limit, fire) =>
    store.schedules.take(now, limit, async (due) => {
      const fired = await fire(due);
      sizes.push(fired.flatMap(({ commits }) => commits).length);
      return fired;
    });
  const rested = Promise.withResolvers<void>();
  const sleep: typeof options.runtime.sleep = async (ms, signal) => {
    if (ms === 0) return;
    rested.resolve();
    await options.runtime.sleep(ms, signal);
  };
  const scheduler = new Scheduler({
    ...{ ...options, store: { ...options.store, take } },
    runtime: { ...options.runtime, sleep },
  });
  scheduler.start();
  await rested.promise;
  await scheduler.stop();
  // 720 of the one and 480 of the other, and none twice.
  expect(sizes).toEqual([500, 500, 200]);
  const lanes = await store.flow.lanes(DEFAULT_PROJECT, 10);
  expect(lanes.map(({ workflowName, waiting }) => [workflowName === workflow.name, waiting]).sort()).toEqual([
    [false, 480],
    [true, 720],
  ]);
});

test('one without a time any more hinders no other, and waits to be saved anew', async () => {
  const { at, started, store, database, warnings, clock } = await world({ every: '1h' });
  const broken = { id: newId(), name: 'broken', type: 'schedule', config: { every: '1h', timezone: 'Asia/Tokyo' } };
  const { id } = await store.workflows.create(
    newWorkflow({ definition: definition(newName()), status: 'active', triggers: [broken], now: clock.now }),
  );
  // As on a server whose time zone data is older.
  const config = JSON.stringify({ ...broken.config, timezone: 'Mars/Olympus' });
  database.schedules.set(broken.id, { ...database.schedules.get(broken.id)!, config });
  await at('08:00:00');
  await at('09:00:00');
  expect(await started()).toEqual([trigger('08:00:00'), trigger('09:00:00')]);
  expect(warnings).toMatchObject([{ trigger: 'broken', error: { code: 'invalid_request' } }]);
  expect(await store.schedules.lateness(clock.now)).toBe(0);
  await store.workflows.setStatus(DEFAULT_PROJECT, id, 'active', clock.now);
  const { nextAt } = (await store.workflows.trigger(DEFAULT_PROJECT, broken.id))!;
  expect(nextAt).toBe(clockAt('10:00:00'));
});
