import { describe, expect, test } from 'vitest';
import { STATUSES } from '../../core/execution/index.ts';
import type { Commit, ExecutionQuery, Store } from '../../ports/store.ts';
import {
  creation,
  definition,
  endedCreation,
  FAILURE,
  failing,
  following,
  idAt,
  NOW,
  newId,
  newName,
  newWorkflow,
  ownedCreation,
  signalTo,
} from '../factories.ts';
import { REFUSED } from './commit.suite.ts';
import { claimAll, drainQueue, drainTimers, signalsOf } from './drain.ts';

export function executionSuite(store: () => Store): void {
  const commit = (...commits: Commit[]) => store().executions.commit(commits);
  const get = ({ projectId, executionId }: Commit) => store().executions.get(projectId, executionId);

  describe('get', () => {
    test('does not see executions of other projects', async () => {
      const first = creation();
      await commit(first);
      expect(await get(first)).toMatchObject({ id: first.executionId });
      expect(await get({ ...first, projectId: newId() })).toBeUndefined();
      expect(await get(creation())).toBeUndefined();
    });

    test('names the workflow, by its present name', async () => {
      const workflow = newWorkflow();
      const { id, projectId } = workflow;
      await store().workflows.create(workflow);
      const first = creation({ projectId }, { workflowId: id });
      await commit(first);
      expect(await get(first)).toMatchObject({ workflowId: id, workflowName: workflow.definition.name });
      const name = newName();
      await store().workflows.update({ id, projectId, definition: definition(name), triggers: [], now: NOW });
      expect(await get(first)).toMatchObject({ workflowName: name });
      const [row] = await store().executions.list({ projectId, workflowId: id, limit: 10 });
      expect(row).toEqual(await get(first));
    });
  });

  describe('list', () => {
    const list = async (query: Partial<ExecutionQuery> & { projectId: string }) =>
      (await store().executions.list({ limit: 100, ...query })).map(({ id }) => id);
    const newestFirst = (...commits: Commit[]) =>
      commits
        .map(({ executionId }) => executionId)
        .sort()
        .reverse();

    test('goes from the newest to the oldest, page by page', async () => {
      const projectId = newId();
      const all = Array.from({ length: 5 }, () => creation({ projectId }));
      await commit(...all.toReversed());
      const ids = newestFirst(...all);
      expect(await list({ projectId, limit: 2 })).toEqual(ids.slice(0, 2));
      expect(await list({ projectId, limit: 2, before: ids[1] as string })).toEqual(ids.slice(2, 4));
      expect(await list({ projectId, limit: 2, before: ids[3] as string })).toEqual(ids.slice(4));
      expect(await list({ projectId, before: ids[4] as string })).toEqual([]);
    });

    test('gives the same rows as get', async () => {
      const owned = ownedCreation();
      const { projectId } = owned;
      await commit(owned, endedCreation({ projectId }));
      await commit(failing(owned));
      const rows = await store().executions.list({ projectId, limit: 10 });
      expect(rows).toHaveLength(2);
      for (const row of rows) expect(row).toEqual(await store().executions.get(projectId, row.id));
    });

    test('shows one project only', async () => {
      const [mine, other] = [creation(), creation()];
      await commit(mine, other);
      expect(await list({ projectId: mine.projectId })).toEqual([mine.executionId]);
      expect(await list({ projectId: newId() })).toEqual([]);
    });

    test.each(STATUSES)('filters by status %s', async (status) => {
      const projectId = newId();
      const all = STATUSES.map((one) => creation({ projectId, status: one }));
      await commit(...all);
      const wanted = all.filter((one) => one.status === status);
      expect(await list({ projectId, statuses: [status] })).toEqual(newestFirst(...wanted));
    });

    test('filters by any of several statuses, by trigger and by the code of the error', async () => {
      const projectId = newId();
      const error = { ...FAILURE, code: 'node_timeout' as const, message: 'NUL \u0000, half \udc00' };
      const [done, failed, undone] = [
        endedCreation({ projectId }, { triggerId: 'daily' }),
        creation({ projectId, status: 'failed', error }, { triggerId: 'daily' }),
        creation({ projectId, status: 'compensation_failed', error: FAILURE }),
      ];
      await commit(done, failed, undone);
      expect(await list({ projectId, statuses: ['failed', 'completed'] })).toEqual(newestFirst(done, failed));
      expect(await list({ projectId, statuses: ['failed', 'compensation_failed'] })).toEqual(
        newestFirst(failed, undone),
      );
      expect(await list({ projectId, triggerId: 'daily' })).toEqual(newestFirst(done, failed));
      expect(await list({ projectId, code: 'node_timeout' })).toEqual([failed.executionId]);
      expect(await list({ projectId, code: FAILURE.code, statuses: ['failed'] })).toEqual([]);
    });

    test('filters by workflow, alone and with a status', async () => {
      const [projectId, workflowId] = [newId(), newId()];
      const [one, two] = [creation({ projectId }, { workflowId }), endedCreation({ projectId }, { workflowId })];
      await commit(one, creation({ projectId }), two, creation({}, { workflowId }));
      expect(await list({ projectId, workflowId })).toEqual(newestFirst(one, two));
      expect(await list({ projectId, workflowId, statuses: ['completed'] })).toEqual([two.executionId]);
      expect(await list({ projectId, workflowId, limit: 1 })).toEqual([two.executionId]);
      expect(await list({ projectId, workflowId, before: two.executionId })).toEqual([one.executionId]);
    });

    test('filters by the time of creation: from on, up to but without', async () => {
      const projectId = newId();
      const [first, second, third] = [NOW, NOW + 1000, NOW + 2000];
      const at = [first, second, third].map((createdAt) => creation({ projectId }, { createdAt }));
      const [early, middle, late] = at as [Commit, Commit, Commit];
      await commit(...at);
      expect(await list({ projectId, from: second })).toEqual(newestFirst(middle, late));
      expect(await list({ projectId, to: second })).toEqual([early.executionId]);
      expect(await list({ projectId, from: second, to: third })).toEqual([middle.executionId]);
    });
  });

  describe('page', () => {
    const minute = 60_000;
    /** The newest first: completed by `daily`, failed by `api`, and so on, a minute apart. */
    async function mixed(projectId: string, count: number): Promise<Commit[]> {
      const error = { ...FAILURE, code: 'node_timeout' as const };
      const all = Array.from({ length: count }, (_, ago) => {
        const createdAt = NOW - ago * minute;
        const of = { projectId, executionId: idAt(createdAt), finishedAt: createdAt + 1 };
        return ago % 2 === 0
          ? endedCreation(of, { createdAt, triggerId: 'daily' })
          : endedCreation({ ...of, status: 'failed', error }, { createdAt, triggerId: 'api' });
      });
      await commit(...all);
      return all;
    }
    const ids = (...commits: (Commit | undefined)[]) => commits.map((one) => one?.executionId);
    const page = async (query: Partial<ExecutionQuery> & { projectId: string; reach: number }) => {
      const { items, next } = await store().executions.page({ limit: 100, ...query });
      return { ids: items.map(({ id }) => id), next };
    };

    test('looks no further than it may, and says where to look on', async () => {
      const projectId = newId();
      const all = await mixed(projectId, 6);
      const first = await page({ projectId, triggerId: 'daily', reach: 3 });
      expect(first).toEqual({ ids: ids(all[0], all[2]), next: all[2]?.executionId });
      const second = await page({ projectId, triggerId: 'daily', reach: 3, before: first.next as string });
      expect(second).toEqual({ ids: ids(all[4]), next: null });
      expect(await page({ projectId, triggerId: 'nobody', reach: 5 })).toEqual({ ids: [], next: all[4]?.executionId });
      expect(await page({ projectId, triggerId: 'nobody', reach: 6 })).toEqual({ ids: [], next: null });
    });

    test('that is full ends before the reach does', async () => {
      const projectId = newId();
      const all = await mixed(projectId, 6);
      const first = await page({ projectId, triggerId: 'daily', reach: 100, limit: 2 });
      expect(first).toEqual({ ids: ids(all[0], all[2]), next: all[2]?.executionId });
      expect(await page({ projectId, reach: 1, limit: 6 })).toEqual({ ids: ids(...all), next: null });
      expect((await page({ projectId, reach: 1, limit: 5 })).next).toBe(all[4]?.executionId);
    });

    test('of statuses looks at those that have them only', async () => {
      const projectId = newId();
      const all = await mixed(projectId, 6);
      const statuses = ['failed', 'compensation_failed'] as const;
      const query = { projectId, statuses, code: 'node_timeout', reach: 3 };
      expect(await page(query)).toEqual({ ids: ids(all[1], all[3], all[5]), next: null });
      expect(await page({ ...query, code: 'other' })).toEqual({ ids: [], next: null });
      expect(await page({ ...query, reach: 2 })).toEqual({ ids: ids(all[1], all[3]), next: all[3]?.executionId });
    });

    test('is filtered by the end, from on, up to but without', async () => {
      const projectId = newId();
      const all = await mixed(projectId, 4);
      const end = (at: number) => all[at]?.finishedAt as number;
      await commit(creation({ projectId }));
      expect((await page({ projectId, endedFrom: end(1), reach: 100 })).ids).toEqual(ids(all[0], all[1]));
      expect((await page({ projectId, endedTo: end(1), reach: 100 })).ids).toEqual(ids(all[2], all[3]));
      expect((await page({ projectId, endedFrom: end(2), endedTo: end(0), reach: 100 })).ids).toEqual(
        ids(all[1], all[2]),
      );
    });

    test('is counted, up to the limit and no further than the reach', async () => {
      const projectId = newId();
      await mixed(projectId, 6);
      const count = (query: Partial<ExecutionQuery>, limit: number, reach: number) =>
        store().executions.count({ projectId, ...query, limit, reach });
      expect(await count({}, 10, 1)).toEqual({ count: 6, whole: true });
      expect(await count({}, 4, 1)).toEqual({ count: 4, whole: false });
      expect(await count({ triggerId: 'daily' }, 10, 100)).toEqual({ count: 3, whole: true });
      expect(await count({ triggerId: 'daily' }, 10, 3)).toEqual({ count: 2, whole: false });
      expect(await count({ statuses: ['failed', 'canceled'], code: 'node_timeout' }, 10, 3)).toEqual({
        count: 3,
        whole: true,
      });
    });
  });

  describe('delete', () => {
    const remove = ({ projectId, executionId }: Commit) => store().executions.delete(projectId, executionId);

    test.each(['completed', 'failed', 'canceled'] as const)('removes an execution that is %s', async (status) => {
      const [gone, stays] = [endedCreation({ status }), endedCreation({ status })];
      await commit(gone, stays);
      expect(await remove(gone)).toBe(true);
      expect(await get(gone)).toBeUndefined();
      expect(await store().executions.events(gone.projectId, gone.executionId, 0, 10)).toEqual([]);
      expect(await store().executions.list({ projectId: gone.projectId, limit: 10 })).toEqual([]);
      expect(await remove(gone)).toBe(false);
      expect(await get(stays)).toMatchObject({ id: stays.executionId });
    });

    test.each(['pending', 'running', 'waiting'] as const)('does not remove one that is %s', async (status) => {
      const first = creation({ status });
      await commit(first);
      expect(await remove(first)).toBe(false);
      expect(await get(first)).toMatchObject({ status });
    });

    test('is false where there is none, or it is of another project', async () => {
      const first = endedCreation();
      await commit(first);
      expect(await remove(endedCreation())).toBe(false);
      expect(await remove({ ...first, projectId: newId() })).toBe(false);
      expect(await get(first)).toMatchObject({ status: 'completed' });
      expect((await store().executions.histories([first.executionId])).get(first.executionId)).toEqual(first.events);
    });

    test('removes its timers and signals with it', async () => {
      await drainTimers(store());
      await drainQueue(store());
      const first = ownedCreation();
      await commit({ ...first, arm: [{ timerId: newId(), at: 1000 }] });
      await store().executions.post(signalTo(first, { type: 'retry', reason: 'too late' }));
      const failed = failing(first);
      await commit(failed);
      expect(await remove(first)).toBe(true);
      expect(await store().executions.fireTimers(5000, 10)).toEqual({ fired: 0, nextAt: null });
      expect(await signalsOf(store(), first.executionId)).toEqual([]);
      expect(await claimAll(store(), newId())).toEqual([]);
      expect(await commit(following(failed))).toEqual([REFUSED]);
    });
  });
}
