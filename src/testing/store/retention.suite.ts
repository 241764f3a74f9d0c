import { describe, expect, test } from 'vitest';
import type { Ended } from '../../core/execution/status.ts';
import type { Sweep } from '../../core/retention.ts';
import type { RetainedWorkflow } from '../../ports/retention.ts';
import { type Commit, DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import {
  creation,
  definition,
  endedCreation,
  failing,
  idAt,
  letterOf,
  NOW,
  newId,
  newName,
  newWorkflow,
  ownedCreation,
  RETRY,
  signalTo,
} from '../factories.ts';
import { claimAs } from './drain.ts';

const PROJECT = DEFAULT_PROJECT;
const DAY = 86_400_000;

export function retentionSuite(store: () => Store): void {
  const commit = (...commits: Commit[]) => store().executions.commit(commits);
  const isThere = async ({ projectId, executionId }: Commit) =>
    (await store().executions.get(projectId, executionId)) !== undefined;
  const staying = async (all: readonly Commit[]) => await Promise.all(all.map(isThere));

  const workflow = (): RetainedWorkflow => ({ projectId: newId(), workflowId: newId(), name: 'x', settings: null });
  const sweep = (over: Partial<Sweep> = {}): Sweep => {
    return { status: 'completed', end: 'completed', endedBefore: null, newest: null, ...over };
  };
  /** Executions of the workflow that ended so many days ago, one after another. */
  const ended = ({ projectId, workflowId }: RetainedWorkflow, days: number[], status: Ended = 'completed') =>
    days.map((ago) => {
      const time = NOW - ago * DAY;
      return endedCreation({ executionId: idAt(time), projectId, status, finishedAt: time }, { workflowId });
    });
  const removeAll = async (of: RetainedWorkflow, one: Sweep) =>
    (await store().retention.remove(of, one, null, 100)).removed;

  describe('retention', () => {
    test('knows every workflow there has been, with its rules', async () => {
      const name = newName();
      const settings = { retention: { completed: '7d', count: 10 } };
      const one = newWorkflow({ definition: definition(name, { settings }) });
      const [plain, gone] = [newWorkflow(), newWorkflow({ definition: definition(newName(), { settings }) })];
      for (const each of [one, plain, gone]) await store().workflows.create(each);
      await store().workflows.delete(PROJECT, gone.id);
      const known = async () => {
        const all = await store().retention.workflows(PROJECT);
        return [one, plain, gone].map(({ id }) => all.find(({ workflowId }) => workflowId === id));
      };
      const of = (workflowId: string, more: object) => ({ projectId: PROJECT, workflowId, ...more });
      expect(await known()).toEqual([
        of(one.id, { name, settings: settings.retention }),
        of(plain.id, { name: plain.definition.name, settings: null }),
        of(gone.id, { name: null, settings: null }),
      ]);
      const change = { id: one.id, projectId: PROJECT, definition: definition(name), triggers: [], now: NOW };
      await store().workflows.update(change);
      expect((await known())[0]).toEqual(of(one.id, { name, settings: null }));
      expect((await store().retention.workflows()).length).toBeGreaterThanOrEqual(3);
      expect(await store().retention.workflows(newId())).toEqual([]);
    });

    test('removes what ended before a time, with its history, and nothing else', async () => {
      const of = workflow();
      const old = ended(of, [31, 40]);
      const others = [
        ...ended(of, [29]),
        ...ended(of, [31], 'failed'),
        ...ended({ ...of, workflowId: newId() }, [31]),
        ...ended({ ...of, projectId: newId() }, [31]),
        creation({ ...of, executionId: idAt(NOW - 40 * DAY), status: 'waiting' }, of),
        // It took long.
        endedCreation({ ...of, executionId: idAt(NOW - 40 * DAY), finishedAt: NOW - 29 * DAY }, of),
      ];
      await commit(...old, ...others);
      const one = sweep({ endedBefore: NOW - 30 * DAY });
      expect(await store().retention.count(of, one, 100)).toBe(2);
      expect(await store().retention.count(of, one, 1)).toBe(1);
      expect(await removeAll(of, one)).toBe(2);
      expect(await staying([...old, ...others])).toEqual([false, false, ...others.map(() => true)]);
      const histories = await store().executions.histories(old.map(({ executionId }) => executionId));
      expect([...histories.values()].flat()).toEqual([]);
      expect(await store().retention.count(of, one, 100)).toBe(0);
    });

    test.each(['failed', 'canceled', 'compensated', 'compensation_failed'] as const)('knows %s too', async (status) => {
      const of = workflow();
      const [old, young] = ended(of, [2, 0], status) as [Commit, Commit];
      await commit(old, young);
      expect(await removeAll(of, sweep({ status, endedBefore: NOW - DAY }))).toBe(1);
      expect(await staying([old, young])).toEqual([false, true]);
    });

    test('removes what is beyond a number, the oldest first', async () => {
      const of = workflow();
      const all = ended(of, [5, 4, 3, 2, 1]);
      const failed = ended(of, [1], 'failed');
      await commit(...all, ...failed);
      expect(await removeAll(of, sweep({ newest: 5 }))).toBe(0);
      expect(await store().retention.count(of, sweep({ newest: 2 }), 100)).toBe(3);
      expect(await removeAll(of, sweep({ newest: 2 }))).toBe(3);
      expect(await staying([...all, ...failed])).toEqual([false, false, false, true, true, true]);
    });

    test('an age and a number count each by itself', async () => {
      const of = workflow();
      const all = ended(of, [9, 3, 2, 1]);
      await commit(...all);
      expect(await removeAll(of, sweep({ endedBefore: NOW - 5 * DAY, newest: 2 }))).toBe(2);
      expect(await removeAll(of, sweep({ endedBefore: NOW - 2.5 * DAY, newest: 2 }))).toBe(0);
      expect(await removeAll(of, sweep({ endedBefore: NOW - 1.5 * DAY, newest: 2 }))).toBe(1);
      expect(await staying(all)).toEqual([false, false, false, true]);
    });

    test('goes on after what it has removed', async () => {
      const of = workflow();
      const all = ended(of, [9, 8, 7, 6, 5]);
      await commit(...all);
      const one = sweep({ endedBefore: NOW });
      const first = await store().retention.remove(of, one, null, 2);
      expect(first).toEqual({ removed: 2, next: all[1]?.executionId });
      const second = await store().retention.remove(of, one, first.next, 2);
      expect(second).toEqual({ removed: 2, next: all[3]?.executionId });
      expect(await store().retention.remove(of, one, second.next, 2)).toEqual({ removed: 1, next: null });
    });

    test('leaves alone what somebody leads on', async () => {
      const called = ownedCreation();
      const of = { ...workflow(), projectId: called.projectId, workflowId: called.create.workflowId };
      await commit(called);
      await commit(failing(called));
      await store().executions.post(signalTo(called, RETRY));
      const one = sweep({ status: 'failed', endedBefore: NOW + DAY });
      expect(await removeAll(of, one)).toBe(0);
      const owner = newId();
      while (!(await store().executions.owned(owner)).includes(called.executionId)) {
        await claimAs(store(), owner, 1_000);
      }
      expect(await removeAll(of, one)).toBe(0);
      expect(await store().executions.delete(called.projectId, called.executionId)).toBe(false);
      await store().executions.release(owner);
    });

    test('leaves what has a dead letter that nobody has resolved; a resolved one goes with it', async () => {
      const of = workflow();
      const [failed] = ended(of, [9], 'failed') as [Commit];
      await commit({ ...failed, letter: letterOf(failed) });
      const { executionId: id, projectId } = failed;
      const one = sweep({ status: 'failed', endedBefore: NOW, newest: 1 });
      expect(await store().retention.count(of, one, 100)).toBe(0);
      expect(await removeAll(of, one)).toBe(0);
      await store().deadLetters.archive({ projectId, ids: [id], by: 'a test', notes: null, now: NOW });
      expect(await removeAll(of, one)).toBe(1);
      expect(await store().deadLetters.get(projectId, id)).toBeUndefined();
    });

    test('an open dead letter outlives an execution that a person deletes', async () => {
      const [failed] = ended(workflow(), [9], 'failed') as [Commit];
      await commit({ ...failed, letter: letterOf(failed) });
      expect(await store().executions.delete(failed.projectId, failed.executionId)).toBe(true);
      expect(await store().deadLetters.get(failed.projectId, failed.executionId)).toMatchObject({ status: 'NEW' });
    });

    test('a pass is taken by one, and the next when it is over and its time has come', async () => {
      expect(await store().retention.begin(0)).toBe(true);
      expect(await store().retention.begin(0)).toBe(false);
      await store().retention.progress(5, false);
      expect(await store().retention.lastPass()).toMatchObject({ removed: 5, finishedAt: null });
      expect(await store().retention.begin(0)).toBe(false);
      await store().retention.progress(7, true);
      const pass = await store().retention.lastPass();
      expect(pass).toEqual({ removed: 7, startedAt: expect.any(Number), finishedAt: expect.any(Number) });
      expect(await store().retention.begin(DAY)).toBe(false);
      expect(await store().retention.begin(0)).toBe(true);
      await store().retention.progress(0, true);
    });

    test('drops no month that is not over', async () => {
      expect(await store().retention.dropMonths()).toEqual([]);
    });
  });
}
