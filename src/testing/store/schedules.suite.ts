import { beforeEach, describe, expect, test } from 'vitest';
import type { DueSchedule } from '../../ports/schedules.ts';
import { DEFAULT_PROJECT, type News, type Store } from '../../ports/store.ts';
import type { NewTrigger, Workflow } from '../../ports/workflows.ts';
import { creation, definition, endedCreation, HOUR, NOW, newId, newWorkflow } from '../factories.ts';

const PROJECT = DEFAULT_PROJECT;
/** When `every: 1h` comes after NOW. */
const NEXT = (Math.floor(NOW / HOUR) + 1) * HOUR;

export function scheduleSuite(store: () => Store): void {
  const schedule = (config: Record<string, unknown> = {}, name = 'hourly'): NewTrigger => ({
    ...{ id: newId(), name, type: 'schedule', config: { every: '1h', ...config } },
  });
  const create = (status: Workflow['status'], ...triggers: NewTrigger[]) =>
    store().workflows.create(newWorkflow({ status, triggers }));
  const change = ({ id, name }: Workflow, now: number, ...triggers: NewTrigger[]) =>
    store().workflows.update({ id, projectId: PROJECT, definition: definition(name), triggers, now });
  const timesOf = async ({ id }: NewTrigger) => {
    const { nextAt, lastAt } = (await store().workflows.trigger(PROJECT, id)) ?? {};
    return [nextAt, lastAt];
  };
  const step = ({ triggerId, projectId, at }: DueSchedule) => ({
    triggerId,
    projectId,
    next: { at: at + HOUR, dueAt: at + HOUR },
  });
  /** What is due, and moved on by an hour. */
  const take = async (now: number, limit = 100) => {
    let seen: readonly DueSchedule[] = [];
    const { taken, nextAt } = await store().schedules.take(now, limit, async (due) => {
      seen = due;
      return due.map((one) => ({ ...step(one), commits: [] }));
    });
    expect(taken).toBe(seen.length);
    return { seen, nextAt };
  };

  // A test must find its own only, and schedules of others may be due.
  beforeEach(async () => {
    for (const { workflowId } of await store().workflows.triggers(PROJECT)) {
      await store().workflows.setStatus(PROJECT, workflowId, 'draft', NOW);
    }
  });

  describe('schedules', () => {
    test('of active workflows are due at their times', async () => {
      const trigger = schedule({ timezone: 'Europe/Berlin' });
      const { id: workflowId } = await create('active', trigger);
      expect(await timesOf(trigger)).toEqual([NEXT, null]);
      expect(await take(NEXT - 1)).toEqual({ seen: [], nextAt: NEXT });
      const { seen, nextAt } = await take(NEXT);
      const of = { triggerId: trigger.id, projectId: PROJECT, workflowId, version: 1, name: 'hourly' };
      expect(seen).toEqual([{ ...of, config: trigger.config, at: NEXT, active: [] }]);
      expect(nextAt).toBe(NEXT + HOUR);
      expect(await timesOf(trigger)).toEqual([NEXT + HOUR, null]);
    });

    test('are none of drafts and paused workflows, and begin anew with them', async () => {
      const trigger = schedule();
      const workflow = await create('draft', trigger);
      expect(await timesOf(trigger)).toEqual([null, null]);
      await store().workflows.setStatus(PROJECT, workflow.id, 'active', NOW);
      expect(await timesOf(trigger)).toEqual([NEXT, null]);
      await store().workflows.setStatus(PROJECT, workflow.id, 'paused', NOW);
      expect(await timesOf(trigger)).toEqual([null, null]);
      expect(await take(NEXT)).toEqual({ seen: [], nextAt: null });
      await store().workflows.setStatus(PROJECT, workflow.id, 'active', NEXT);
      expect(await timesOf(trigger)).toEqual([NEXT + HOUR, null]);
    });

    test('go on where a new version has them as they were, also at a time that is due', async () => {
      const trigger = schedule();
      const workflow = await create('active', trigger);
      await change(workflow, NEXT + 1, { ...trigger, id: newId() });
      expect((await take(NEXT + 1)).seen).toMatchObject([{ triggerId: trigger.id, version: 2, at: NEXT }]);
      await change(workflow, NEXT + 1, schedule({ every: '2h' }));
      const next = (Math.floor((NEXT + 1) / (2 * HOUR)) + 1) * 2 * HOUR;
      expect(await timesOf(trigger)).toEqual([next, null]);
    });

    test('go with their trigger, its type and their workflow', async () => {
      const [kept, gone, turned] = [schedule(), schedule({}, 'gone'), schedule({}, 'turned')];
      const workflow = await create('active', kept, gone, turned);
      await change(workflow, NOW, kept, { ...turned, type: 'manual', config: {} });
      expect(await timesOf(turned)).toEqual([null, null]);
      expect((await take(NEXT)).seen.map((one) => one.triggerId)).toEqual([kept.id]);
      await store().workflows.delete(PROJECT, workflow.id);
      expect((await take(NEXT + HOUR)).seen).toEqual([]);
    });

    test('that are done have no time left', async () => {
      const trigger = schedule({ every: undefined, at: new Date(NOW + 1).toISOString() });
      const workflow = await create('active', trigger);
      await store().schedules.take(NOW + 1, 100, async ([due]) => [
        { triggerId: trigger.id, projectId: PROJECT, commits: [], next: null, lastAt: due?.at as number },
      ]);
      expect(await timesOf(trigger)).toEqual([null, NOW + 1]);
      await change(workflow, NOW + 2, trigger);
      expect(await timesOf(trigger)).toEqual([null, NOW + 1]);
    });

    test('start executions in one step with their next time, once for each key', async () => {
      const trigger = schedule();
      const { id: workflowId } = await create('active', trigger);
      const commit = () =>
        creation({ projectId: PROJECT, workflowId }, { workflowId, key: { key: trigger.id, expiresAt: NOW + HOUR } });
      const [first, again] = [commit(), commit()];
      const fire = (one: typeof first) => async (due: readonly DueSchedule[]) =>
        due.map((at) => ({ ...step(at), commits: [one], lastAt: at.at }));
      const broken = store().schedules.take(NEXT, 100, async () => Promise.reject(new Error('no')));
      await expect(broken).rejects.toThrow('no');
      expect(await timesOf(trigger)).toEqual([NEXT, null]);
      await store().schedules.take(NEXT, 100, fire(first));
      expect(await timesOf(trigger)).toEqual([NEXT + HOUR, NEXT]);
      await store().schedules.take(NEXT + HOUR, 100, fire(again));
      expect(await store().executions.get(PROJECT, first.executionId)).toBeDefined();
      expect(await store().executions.get(PROJECT, again.executionId)).toBeUndefined();
      expect(await timesOf(trigger)).toEqual([NEXT + 2 * HOUR, NEXT + HOUR]);
    });

    test('are in the hands of one at a time', async () => {
      await create('active', schedule());
      const { promise, resolve } = Promise.withResolvers<void>();
      const inHand = Promise.withResolvers<void>();
      const first = store().schedules.take(NEXT, 100, async (due) => {
        inHand.resolve();
        await promise;
        return due.map((one) => ({ ...step(one), commits: [] }));
      });
      await inHand.promise;
      expect(await take(NEXT)).toEqual({ seen: [], nextAt: null });
      resolve();
      expect((await first).taken).toBe(1);
      expect((await take(NEXT)).seen).toEqual([]);
    });

    test('know of executions that have not ended where their overlap asks', async () => {
      const [skip, cancel, allow] = [
        schedule({ overlap: 'skip' }, 'skip'),
        schedule({ overlap: 'cancel_previous' }, 'cancel'),
        schedule({}, 'allow'),
      ];
      const { id: workflowId } = await create('active', skip, cancel, allow);
      const of = (triggerId: string) => creation({ projectId: PROJECT }, { workflowId, triggerId });
      const running = ['skip', 'cancel', 'cancel', 'allow'].map(of);
      const ended = endedCreation({ projectId: PROJECT }, { workflowId, triggerId: 'skip' });
      await store().executions.commit([...running, ended]);
      const ids = running.map((one) => one.executionId);
      const active = new Map((await take(NEXT)).seen.map((one) => [one.name, one.active]));
      expect(active).toEqual(new Map(Object.entries({ skip: [ids[0]], cancel: ids.slice(1, 3), allow: [] })));
    });

    test('come the most overdue first, some at a time; how late they are is told', async () => {
      await create('active', schedule(), schedule({ every: '30m' }, 'often'));
      expect(await store().schedules.lateness(NOW)).toBe(0);
      const first = (Math.floor(NOW / (HOUR / 2)) + 1) * (HOUR / 2);
      expect(await store().schedules.lateness(first + 5_000)).toBe(5_000);
      for (const count of [1, 1, 0]) expect((await take(NEXT, 1)).seen).toHaveLength(count);
    });

    test('that are written are told of', async () => {
      const heard: News[] = [];
      const told = Promise.withResolvers<void>();
      await store().listen((news) => {
        heard.push(news);
        if (news === 'schedules') told.resolve();
      });
      await create('active', schedule());
      await told.promise;
      expect(heard).toContain('schedules');
    });

    test('are not seen by other projects', async () => {
      const trigger = schedule();
      await create('active', trigger);
      expect(await store().workflows.trigger(newId(), trigger.id)).toBeUndefined();
      expect(await store().workflows.triggers(newId())).toEqual([]);
    });
  });
}
