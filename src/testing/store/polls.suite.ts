import { beforeEach, describe, expect, test } from 'vitest';
import { MOST_KEPT } from '../../core/poll/select.ts';
import type { DuePoll, PollStep } from '../../ports/polls.ts';
import { type Commit, DEFAULT_PROJECT, type News, type Store } from '../../ports/store.ts';
import type { NewTrigger, Workflow } from '../../ports/workflows.ts';
import { creation, definition, NOW, newId, newWorkflow } from '../factories.ts';

const PROJECT = DEFAULT_PROJECT;
const EVERY = 60_000;

export function pollSuite(store: () => Store): void {
  const poll = (config: Record<string, unknown> = {}, name = 'orders'): NewTrigger => ({
    ...{ id: newId(), name, type: 'poll' },
    config: { http: { url: 'https://a.example/' }, every: '1m', cursor: '{{ $json.n }}', ...config },
  });
  const create = (status: Workflow['status'], ...triggers: NewTrigger[]) =>
    store().workflows.create(newWorkflow({ status, triggers }));
  const change = ({ id, name }: Workflow, ...triggers: NewTrigger[]) =>
    store().workflows.update({ id, projectId: PROJECT, definition: definition(name), triggers, now: NOW });
  const take = async (now = NOW, limit = 100) => (await store().polls.take(now, now + EVERY, limit)).taken;
  const takeOne = async (now = NOW): Promise<DuePoll> => {
    const [one, ...others] = await take(now);
    if (one === undefined || others.length > 0) throw new Error('There is not one poll.');
    return one;
  };
  const done = (more: Partial<PollStep<Commit>> = {}): PollStep<Commit> => ({
    ...{
      commits: [],
      dueAt: NOW + EVERY,
      freeAt: null,
      polledAt: NOW,
      begun: true,
      cursor: 7,
      failures: 0,
      error: null,
    },
    ...{ forget: false, remember: [], ...more },
  });

  // A test must find its own only, and polls of others may be due.
  beforeEach(async () => {
    for (const { workflowId } of await store().workflows.triggers(PROJECT)) {
      await store().workflows.setStatus(PROJECT, workflowId, 'draft', NOW);
    }
  });

  describe('polls', () => {
    test('of active workflows are due at once, and in the hands of one', async () => {
      const trigger = poll({ from: 3 });
      const { id: workflowId, name: workflowName } = await create('active', trigger);
      const { id, name, config } = trigger;
      const { turn, ...due } = await takeOne();
      expect(due).toMatchObject({ triggerId: id, projectId: PROJECT, cursor: 3, begun: false, failures: 0 });
      expect(due.trigger).toEqual({ id, projectId: PROJECT, workflowId, workflowName, version: 1, name, config });
      expect(await store().polls.take(NOW, NOW + EVERY, 100)).toEqual({ taken: [], nextAt: NOW + EVERY });
      expect((await takeOne(NOW + EVERY)).turn).toBeGreaterThan(turn);
    });

    test('go on from where the last one has come, at their time', async () => {
      await create('active', poll());
      const first = await takeOne();
      const error = { code: 'timeout', kind: 'transient', message: 'late' } as const;
      expect(await store().polls.step(first, done({ failures: 2, error }))).toBe(true);
      expect(await store().polls.list()).toEqual([
        { triggerId: first.triggerId, projectId: PROJECT, polledAt: NOW, error },
      ]);
      expect(await take(NOW + EVERY - 1)).toEqual([]);
      expect(await takeOne(NOW + EVERY)).toMatchObject({ cursor: 7, begun: true, failures: 2 });
    });

    test('stand with their times in the list of triggers', async () => {
      const trigger = poll();
      const { id: workflowId } = await create('draft', trigger);
      const times = async () => {
        const { nextAt, lastAt } = (await store().workflows.trigger(PROJECT, trigger.id)) ?? {};
        return [nextAt, lastAt];
      };
      expect(await times()).toEqual([null, null]);
      await store().workflows.setStatus(PROJECT, workflowId, 'active', NOW);
      expect(await times()).toEqual([NOW, null]);
      await store().polls.step(await takeOne(), done());
      expect(await times()).toEqual([NOW + EVERY, NOW]);
      expect(await store().workflows.triggers(PROJECT, workflowId)).toMatchObject([
        { nextAt: NOW + EVERY, lastAt: NOW },
      ]);
      await store().workflows.setStatus(PROJECT, workflowId, 'paused', NOW);
      expect(await times()).toEqual([null, NOW]);
    });

    test('are ended once, and only by who has them in hand', async () => {
      const { id: workflowId } = await create('active', poll());
      const commit = () => creation({ projectId: PROJECT, workflowId }, { workflowId });
      const [late, mine] = [commit(), commit()];
      const slow = await takeOne();
      const quick = await takeOne(NOW + EVERY);
      expect(await store().polls.step(slow, done({ commits: [late] }))).toBe(false);
      expect(await store().polls.step(quick, done({ commits: [mine] }))).toBe(true);
      expect(await store().polls.step(quick, done({ commits: [late] }))).toBe(false);
      expect(await store().executions.get(PROJECT, late.executionId)).toBeUndefined();
      expect(await store().executions.get(PROJECT, mine.executionId)).toBeDefined();
    });

    test('remember items, until they forget them', async () => {
      await create('active', poll());
      const turn = await takeOne();
      const remember = [
        { id: 'a', hash: '1' },
        { id: 'b', hash: '2' },
      ];
      await store().polls.step(turn, done({ remember }));
      expect(await store().polls.seen(turn, ['a', 'c'])).toEqual(new Map([['a', '1']]));
      const next = await takeOne(NOW + EVERY);
      await store().polls.step(next, done({ remember: [{ id: 'a', hash: '3' }] }));
      expect(await store().polls.seen(turn, ['a', 'b'])).toEqual(new Map(Object.entries({ a: '3', b: '2' })));
      const last = await takeOne(NOW + 2 * EVERY);
      await store().polls.step(last, done({ forget: true, remember: [{ id: 'c', hash: '4' }] }));
      expect(await store().polls.seen(turn, ['a', 'b', 'c'])).toEqual(new Map([['c', '4']]));
      expect(await store().polls.seen({ ...turn, triggerId: newId() }, ['c'])).toEqual(new Map());
    });

    test('remember so many and no more; then nothing of the step stands', async () => {
      const { id: workflowId } = await create('active', poll());
      const turn = await takeOne();
      const remember = Array.from({ length: MOST_KEPT + 1 }, (_, at) => ({ id: String(at), hash: 'h' }));
      const commit = creation({ projectId: PROJECT, workflowId }, { workflowId });
      const step = store().polls.step(turn, done({ remember, commits: [commit] }));
      await expect(step).rejects.toMatchObject({ code: 'limit_exceeded' });
      expect(await store().executions.get(PROJECT, commit.executionId)).toBeUndefined();
      expect(await store().polls.seen(turn, ['1'])).toEqual(new Map());
      expect(await store().polls.step(turn, done())).toBe(true);
    });

    test('keep their state in a new version with the same source, and begin anew with another', async () => {
      const trigger = poll();
      const workflow = await create('active', trigger);
      const remember = [{ id: 'a', hash: '1' }];
      await store().polls.step(await takeOne(), done({ remember }));
      await change(workflow, { ...trigger, config: { ...trigger.config, every: '5m' } });
      const changed = { ...trigger, config: { ...trigger.config, every: '5m' } };
      const kept = await takeOne(NOW + EVERY);
      expect(kept).toMatchObject({ cursor: 7, begun: true, trigger: { version: 2, config: { every: '5m' } } });
      // One that is in hand meanwhile goes on, where nothing of it has changed.
      await change(workflow, changed);
      expect(await store().polls.step(kept, done())).toBe(true);
      const old = await takeOne(NOW + EVERY);
      await change(workflow, poll({ http: { url: 'https://b.example/' }, from: 'x' }));
      expect(await store().polls.step(old, done())).toBe(false);
      const anew = await takeOne();
      expect(anew).toMatchObject({ triggerId: trigger.id, cursor: 'x', begun: false });
      expect(await store().polls.seen(anew, ['a'])).toEqual(new Map());
      await change(workflow, { ...trigger, type: 'manual', config: {} });
      expect(await store().polls.list()).toEqual([]);
    });

    test('look at once where their config was changed, and whoever is at it with the one before is too late', async () => {
      const trigger = poll({ every: '7d' });
      const workflow = await create('active', trigger);
      const write = (config: object) => change(workflow, { ...trigger, config: { ...trigger.config, ...config } });
      const later = { dueAt: NOW + 9 * EVERY };
      await store().polls.step(await takeOne(), done({ ...later, failures: 5 }));
      await write({});
      expect(await take()).toEqual([]);
      await write({ every: '1m' });
      const slow = await takeOne();
      expect(slow).toMatchObject({ cursor: 7, begun: true, failures: 0, trigger: { config: { every: '1m' } } });
      await write({ every: '1m', http: { url: 'https://a.example/', headers: { a: 'b' } } });
      const quick = await takeOne();
      expect(await store().polls.step(slow, done(later))).toBe(false);
      expect(await store().polls.step(quick, done(later))).toBe(true);
      await store().workflows.setStatus(PROJECT, workflow.id, 'paused', NOW);
      await write({ every: '2m' });
      expect(await take()).toEqual([]);
      await store().workflows.setStatus(PROJECT, workflow.id, 'active', NOW);
      await write({ every: '2m' });
      await takeOne();
    });

    test('with a rate are taken no sooner than it allows, also hurried, changed or given up', async () => {
      const trigger = poll({ rate: { limit: 2, per: '10m' } });
      const workflow = await create('active', trigger);
      const gap = 5 * EVERY;
      await takeOne();
      // Who had it in hand is dead; the request may have gone all the same.
      expect(await take(NOW + gap - 1)).toEqual([]);
      const next = await takeOne(NOW + gap);
      await store().polls.step(next, done({ dueAt: NOW + gap + EVERY, freeAt: NOW + 2 * gap + 7 }));
      const early = NOW + 2 * gap;
      await store().polls.hurry(PROJECT, trigger.id, early);
      expect(await store().polls.take(early, early + EVERY, 9)).toEqual({ taken: [], nextAt: early + 7 });
      expect(await store().workflows.trigger(PROJECT, trigger.id)).toMatchObject({ nextAt: early + 7 });
      await change(workflow, { ...trigger, config: { ...trigger.config, every: '5m' } });
      expect(await take(early)).toEqual([]);
      await takeOne(early + 7);
      const { rate: _, ...without } = trigger.config;
      await change(workflow, { ...trigger, config: without });
      await takeOne(early + 8);
    });

    test('do nothing while their workflow is paused, and go on with it', async () => {
      const { id } = await create('draft', poll());
      expect(await take()).toEqual([]);
      await store().workflows.setStatus(PROJECT, id, 'active', NOW);
      await store().polls.step(await takeOne(), done());
      const old = await takeOne(NOW + EVERY);
      await store().workflows.setStatus(PROJECT, id, 'paused', NOW);
      expect(await store().polls.step(old, done())).toBe(false);
      expect(await store().polls.list()).toEqual([]);
      expect(await take(NOW + 9 * EVERY)).toEqual([]);
      await store().workflows.setStatus(PROJECT, id, 'active', NOW + 1);
      expect(await takeOne(NOW + 1)).toMatchObject({ cursor: 7, begun: true });
      await store().workflows.delete(PROJECT, id);
      expect(await take(NOW + 9 * EVERY)).toEqual([]);
    });

    test('come the most overdue first, some at a time', async () => {
      await create('active', poll(), poll({}, 'other'));
      const first = await take(NOW, 1);
      expect(first).toHaveLength(1);
      const [second] = await take(NOW, 1);
      await store().polls.step(first[0] as DuePoll, done({ dueAt: NOW + 2 }));
      await store().polls.step(second as DuePoll, done({ dueAt: NOW + 1 }));
      const { taken, nextAt } = await store().polls.take(NOW, NOW + EVERY, 100);
      expect([taken, nextAt]).toEqual([[], NOW + 1]);
      expect((await take(NOW + 2)).map((one) => one.triggerId)).toEqual([second?.triggerId, first[0]?.triggerId]);
    });

    test('can be hurried, by their own project', async () => {
      const trigger = poll();
      const { id } = await create('active', trigger);
      await store().polls.step(await takeOne(), done());
      expect(await store().polls.hurry(newId(), trigger.id, NOW)).toBe(false);
      expect(await take()).toEqual([]);
      expect(await store().polls.hurry(PROJECT, trigger.id, NOW)).toBe(true);
      await takeOne();
      // Whoever has it in hand goes on.
      expect(await store().polls.hurry(PROJECT, trigger.id, NOW)).toBe(true);
      expect(await take()).toEqual([]);
      await store().workflows.setStatus(PROJECT, id, 'paused', NOW);
      expect(await store().polls.hurry(PROJECT, trigger.id, NOW)).toBe(false);
    });

    test('that are written or hurried are told of', async () => {
      const heard = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      let count = 0;
      await store().listen((news: News) => {
        if (news === 'schedules') heard[count]?.resolve();
      });
      const trigger = poll();
      await create('active', trigger);
      await heard[0]?.promise;
      count = 1;
      await store().polls.hurry(PROJECT, trigger.id, NOW);
      await heard[1]?.promise;
      expect(await store().polls.list()).toMatchObject([{ triggerId: trigger.id, polledAt: null, error: null }]);
    });
  });
}
