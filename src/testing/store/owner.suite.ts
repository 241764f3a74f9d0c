import { describe, expect, test } from 'vitest';
import type { Commit, Store } from '../../ports/store.ts';
import { creation, endedCreation, failing, following, newId, ownedCreation, signalTo } from '../factories.ts';
import { COMMITTED, REFUSED } from './commit.suite.ts';
import { signalsOf } from './drain.ts';

/** Only the owner writes: whoever lost an execution cannot leave a trace in it. */
export function ownerSuite(store: () => Store): void {
  describe('the owner', () => {
    const commit = (...commits: Commit[]) => store().executions.commit(commits);
    const row = ({ projectId, executionId }: Commit) => store().executions.get(projectId, executionId);
    const history = async ({ executionId }: Commit) =>
      (await store().executions.histories([executionId])).get(executionId) ?? [];

    test('refuses a writer that is not the owner, and writes nothing of it', async () => {
      const first = ownedCreation();
      const other = ownedCreation();
      const armed = newId();
      await commit({ ...first, arm: [{ timerId: armed, at: 5 }] }, other);
      await store().executions.post(signalTo(first));
      const before = { row: await row(first), history: await history(first) };
      const [waiting] = await store().executions.signals([first.executionId]);
      const child = creation({ projectId: first.projectId }, { parentId: first.executionId });
      const late = failing(first, {
        writer: newId(),
        arm: [{ timerId: newId(), at: 6 }],
        disarm: [armed],
        taken: [waiting?.id as string],
        posts: [signalTo(other)],
        children: [child],
      });
      const others = [following(other), endedCreation()] as const;
      expect(await commit(others[0], late, others[1])).toEqual([COMMITTED, REFUSED, COMMITTED]);

      expect({ row: await row(first), history: await history(first) }).toEqual(before);
      expect(await store().executions.signals([first.executionId])).toEqual([waiting]);
      expect(await signalsOf(store(), other.executionId)).toEqual([]);
      expect(await row(child)).toBeUndefined();
      expect(await history(child)).toEqual([]);
      expect(await history(other)).toHaveLength(3);
      expect(await history(others[1])).toEqual(others[1].events);
      while ((await store().executions.fireTimers(10, 1000)).fired > 0);
      const fired = (await signalsOf(store(), first.executionId)).slice(1);
      expect(fired).toEqual([{ type: 'timer', timerId: armed }]);
    });

    test('refuses whoever writes to an execution that nobody owns, or that does not exist', async () => {
      const queued = creation();
      const released = ownedCreation();
      await commit(queued, released);
      await store().executions.release(released.writer);
      const writes = [following(queued), following(released), following(ownedCreation())];
      expect(await commit(...writes)).toEqual([REFUSED, REFUSED, REFUSED]);
      expect(await history(queued)).toEqual(queued.events);
      expect(await history(released)).toEqual(released.events);
    });

    test('finds what was decided before others wrote stale, though it owns the execution again', async () => {
      const first = ownedCreation();
      await commit(first);
      expect(await commit(following(first))).toEqual([COMMITTED]);
      const before = { row: await row(first), history: await history(first) };
      const late = failing(first, { arm: [{ timerId: newId(), at: 6 }], posts: [signalTo(first)] });
      expect(await commit(late)).toEqual([{ result: 'stale' }]);
      expect({ row: await row(first), history: await history(first) }).toEqual(before);
      expect(await store().executions.signals([first.executionId])).toEqual([]);
      expect((await commit(following(following(first))))[0]).toEqual(COMMITTED);
    });

    test('writes what leaves the row as it is, and refuses it of whoever lost the execution', async () => {
      const first = ownedCreation();
      await commit(first);
      const before = await row(first);
      const moved = { ...ownedCreation(), status: 'waiting' } as const;
      const more = following(first, { unmoved: true, posts: [signalTo(first)] });
      expect(await commit(more, moved)).toEqual([COMMITTED, COMMITTED]);
      expect(await row(first)).toEqual(before);
      expect(await signalsOf(store(), first.executionId)).toHaveLength(1);
      await store().executions.release(first.writer);
      const released = { row: await row(first), history: await history(first) };
      const late = following(more, { unmoved: true, posts: [signalTo(first)] });
      expect(await commit(late, following(moved))).toEqual([REFUSED, COMMITTED]);
      expect({ row: await row(first), history: await history(first) }).toEqual(released);
    });

    test('lets the new owner write after a change of hands, and not the old one', async () => {
      const first = ownedCreation();
      const next = newId();
      await commit(first);
      expect(await commit(following(first, { owner: next }))).toEqual([COMMITTED]);
      const after = following(following(first), { owner: next });
      expect(await commit(after)).toEqual([REFUSED]);
      expect(await commit({ ...after, writer: next })).toEqual([COMMITTED]);
    });
  });
}
