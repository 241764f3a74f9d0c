import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bucketOf, parseDurations } from '../../core/durations.ts';
import { HOUR_MS, MINUTE_MS } from '../../ports/figures.ts';
import type { Commit, Store } from '../../ports/store.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { creation, endedCreation, failing, following, idAt, newId, newWorkflow, ownedCreation } from '../factories.ts';

export function figureSuite(store: () => Store): void {
  describe('figures', () => {
    const workflowId = newId();
    let projectId: string;
    let now: number;
    /** Begin of the present minute. */
    let minute: number;

    beforeAll(async () => {
      // Nothing that is older than the oldest execution is ever looked for.
      const createdAt = Date.now() - HOUR_MS;
      await store().executions.commit([creation({ executionId: idAt(createdAt) }, { createdAt })]);
      await catchUp();
    });

    beforeEach(() => {
      projectId = newId();
      now = Date.now();
      minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    });

    const options = { minutes: 60, settleMs: MINUTE_MS, settles: true, since: Date.now() - 2 * HOUR_MS };
    const count = () => store().figures.count(options);
    /** Counts whatever other tests have left. */
    async function catchUp(): Promise<void> {
      while ((await count())?.behind === true);
    }

    const commit = (...commits: Commit[]) => store().executions.commit(commits);
    /** Accepted at this time, begun at once, and completed after so many milliseconds. */
    const ran = (at: number, ms: number, over: Partial<Commit> = {}) =>
      endedCreation({ projectId, startedAt: at, finishedAt: at + ms, ...over }, { workflowId, createdAt: at });
    const rows = (over: object = {}) =>
      store().figures.series({ projectId, from: minute - HOUR_MS, to: now + HOUR_MS, stepMs: MINUTE_MS, ...over });
    const sums = async (over: object = {}) => {
      const all = await rows(over);
      const sum = (name: 'started' | 'completed' | 'failed' | 'canceled') =>
        all.reduce((total, row) => total + row[name], 0);
      return [sum('started'), sum('completed'), sum('failed'), sum('canceled')];
    };

    test('count what started and how it ended, and how long what completed took', async () => {
      await commit(
        ran(minute, 5),
        ran(minute, 100),
        ran(minute, 9, { status: 'failed' }),
        ran(minute, 9, { status: 'compensated' }),
        ran(minute, 9, { status: 'compensation_failed' }),
        ran(minute, 9, { status: 'canceled' }),
        creation({ projectId }, { workflowId, createdAt: minute }),
      );
      await count();
      const [row, ...others] = await rows({ stepMs: MINUTE_MS });
      expect(others).toEqual([]);
      const { durations, ...counts } = row!;
      expect(counts).toEqual({ at: minute, started: 7, completed: 2, failed: 3, canceled: 1, durationMs: 105 });
      expect(parseDurations(durations)).toEqual(
        new Map([
          [bucketOf(5), 1],
          [bucketOf(100), 1],
        ]),
      );
    });

    test('an end counts in its own minute, and counting again changes nothing', async () => {
      await commit(ran(minute - MINUTE_MS, MINUTE_MS + 1));
      await count();
      const before = await rows();
      expect(before.map(({ at, started, completed }) => [at, started, completed])).toEqual([
        [minute - MINUTE_MS, 1, 0],
        [minute, 0, 1],
      ]);
      await count();
      expect(await rows()).toEqual(before);
    });

    test('what comes later into a minute that is not settled is counted; an execution led on has not ended', async () => {
      const one = ownedCreation(newId(), { projectId });
      await commit(one);
      await commit(failing(one, { owner: one.owner, finishedAt: now }));
      await count();
      expect(await sums()).toEqual([1, 0, 1, 0]);
      await commit(following(one, { firstSeq: 4, status: 'running' }), ran(minute, 1));
      await count();
      expect(await sums()).toEqual([2, 1, 0, 0]);
    });

    test('are those of a workflow, or of the whole project, and of no other', async () => {
      const other = endedCreation({ projectId, finishedAt: now }, { createdAt: now });
      await commit(ran(minute, 5), other, endedCreation({ finishedAt: now }, { workflowId, createdAt: now }));
      await count();
      expect(await sums()).toEqual([2, 2, 0, 0]);
      expect(await sums({ workflowId })).toEqual([1, 1, 0, 0]);
      expect(await sums({ workflowId: other.workflowId })).toEqual([1, 1, 0, 0]);
      expect(await sums({ projectId: newId() })).toEqual([0, 0, 0, 0]);
    });

    test('add up to wider steps', async () => {
      await commit(ran(minute, 5), ran(minute - MINUTE_MS, 5));
      await count();
      const from = Math.floor(minute / HOUR_MS) * HOUR_MS - HOUR_MS;
      const inHours = await rows({ stepMs: HOUR_MS, from });
      expect(inHours.reduce((sum, { completed }) => sum + completed, 0)).toBe(2);
      for (const { at } of inHours) expect(at % HOUR_MS).toBe(0);
      const durations = inHours.map((row) => row.durations).join(' ');
      expect(parseDurations(durations)).toEqual(new Map([[bucketOf(5), 2]]));
      expect((await rows({ stepMs: 5 * MINUTE_MS, from })).reduce((sum, { started }) => sum + started, 0)).toBe(2);
    });

    test('tell what there is now, as far as it is counted', async () => {
      const many = Array.from({ length: 3 }, () => creation({ projectId }, { workflowId }));
      const one = ownedCreation(newId(), { projectId });
      await commit(...many, one, ownedCreation(newId(), { projectId, status: 'waiting' }), ran(minute, 5));
      expect(await store().figures.present(projectId, undefined, 10)).toEqual({ queued: 3, running: 1, waiting: 1 });
      expect(await store().figures.present(projectId, undefined, 2)).toEqual({ queued: 2, running: 1, waiting: 1 });
      expect(await store().figures.present(projectId, workflowId, 9)).toEqual({ queued: 3, running: 0, waiting: 0 });
    });

    test('tell of every workflow its last execution and its hours', async () => {
      const [used, idle] = [newWorkflow(), newWorkflow()];
      for (const one of [used, idle]) await store().workflows.create(one);
      const of = (status: 'completed' | 'failed') =>
        endedCreation(
          { projectId: DEFAULT_PROJECT, status, startedAt: now, finishedAt: now },
          { workflowId: used.id, createdAt: now },
        );
      const all = [of('completed'), of('failed')];
      await commit(...all);
      await count();
      const since = Math.floor(now / HOUR_MS) * HOUR_MS;
      const found = await store().figures.workflows(DEFAULT_PROJECT, since, { limit: 10_000 });
      const find = (id: string) => found.find((one) => one.workflowId === id);
      expect(find(used.id)).toEqual({
        workflowId: used.id,
        workflowName: used.definition.name,
        last: { id: all[1]?.executionId, status: 'failed', at: now },
        hours: [{ at: since, started: 2, completed: 1, failed: 1 }],
        durations: '0:1',
      });
      expect(find(idle.id)).toMatchObject({ last: null, hours: [], durations: '' });
      expect(found.map((one) => one.workflowName)).toEqual(found.map((one) => one.workflowName).toSorted());
      expect(await store().figures.workflows(newId(), since, { limit: 10 })).toEqual([]);
      const names = found.map((one) => one.workflowName);
      const [after = '', ...next] = names.slice(-3);
      const page = await store().figures.workflows(DEFAULT_PROJECT, since, { after, limit: 1 });
      expect(page.map((one) => one.workflowName)).toEqual(next.slice(0, 1));
    });

    test('a minute that is settled stays as it is', async () => {
      await commit(ran(minute - 10 * MINUTE_MS, 5));
      await count();
      expect(await sums()).toEqual([0, 0, 0, 0]);
      const [lasting, gone] = [ran(minute, 5), ran(minute, 5)];
      await commit(lasting, gone);
      await store().figures.count({ ...options, settleMs: -MINUTE_MS });
      await store().executions.delete(projectId, gone.executionId);
      await count();
      expect(await sums()).toEqual([2, 2, 0, 0]);
    });

    test('are forgotten by their age', async () => {
      // Of other tests, too: it is the last.
      await store().figures.forget(Date.now() + HOUR_MS);
      expect(await rows()).toEqual([]);
      expect(await rows({ stepMs: HOUR_MS })).toEqual([]);
    });
  });
}
