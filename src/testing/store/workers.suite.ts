import { beforeEach, describe, expect, test } from 'vitest';
import type { Commit, Store } from '../../ports/store.ts';
import { creation, following, HOUR, newId, newName, ownedCreation, resting, signalTo } from '../factories.ts';
import { COMMITTED, REFUSED } from './commit.suite.ts';
import { claimAll, drainQueue } from './drain.ts';

export function workerSuite(store: () => Store): void {
  const commit = (...commits: Commit[]) => store().executions.commit(commits);
  async function register(host = 'test', pid = 1): Promise<string> {
    const id = newId();
    await store().workers.register({ id, host, pid, roles: ['api', 'worker'] });
    return id;
  }

  describe('workers', () => {
    // Whoever was left by other tests is buried first, so that the numbers below are exact.
    beforeEach(async () => {
      await store().workers.buryDead(0);
      await drainQueue(store());
    });

    test('are known until they leave', async () => {
      const [id, other] = [await register(), await register()];
      expect(await store().workers.heartbeat(id)).toBe(true);
      expect(await store().workers.heartbeat(newId())).toBe(false);
      await store().workers.leave(id);
      expect(await store().workers.heartbeat(id)).toBe(false);
      expect(await store().workers.heartbeat(other)).toBe(true);
      await store().workers.leave(id);
    });

    test('are found by their host', async () => {
      const host = newName();
      const [one, two] = [await register(host, 11), await register(host, 22)];
      await register(newName(), 33);
      const onHost = async () => (await store().workers.onHost(host)).map(({ id, pid }) => ({ id, pid }));
      expect((await onHost()).sort((a, b) => a.pid - b.pid)).toEqual([
        { id: one, pid: 11 },
        { id: two, pid: 22 },
      ]);
      await store().workers.leave(one);
      expect(await onHost()).toEqual([{ id: two, pid: 22 }]);
      expect(await store().workers.onHost(newName())).toEqual([]);
    });

    test('give their executions back when they leave', async () => {
      const [id, other] = [await register(), await register()];
      const [mine, foreign] = [ownedCreation(id), ownedCreation(other)];
      await commit(mine, foreign);
      await store().workers.leave(id);
      expect(await claimAll(store(), newId())).toEqual([mine.executionId]);
      expect(await commit(following(mine), following(foreign))).toEqual([REFUSED, COMMITTED]);
    });

    test('are buried when they are silent, and their executions go to others', async () => {
      const id = await register();
      const [one, two] = [ownedCreation(id), ownedCreation(id)];
      const waits = ownedCreation(id);
      await commit(one, two, waits, creation());
      await commit(resting(waits, { owner: id }));
      expect(await store().workers.buryDead(0)).toEqual({ workers: 1, executions: 3 });
      expect(await store().workers.heartbeat(id)).toBe(false);
      expect(await commit(following(one))).toEqual([REFUSED]);
      const claimed = await claimAll(store(), newId());
      expect(claimed).toEqual(expect.arrayContaining([one.executionId, two.executionId]));
      expect(claimed).not.toContain(waits.executionId);
      await store().executions.post(signalTo(waits));
      expect(await claimAll(store(), newId())).toEqual([waits.executionId]);
    });

    test('are given nothing under a name that was buried, until they register anew', async () => {
      const id = await register();
      const [queued, woken] = [creation(), ownedCreation(id)];
      await commit(queued, woken);
      await commit(resting(woken));
      await store().executions.post(signalTo(woken));
      await store().workers.buryDead(0);
      expect(await store().executions.claim(id, 10)).toEqual([]);
      await store().workers.register({ id, host: 'test', pid: 1, roles: [] });
      expect(await store().executions.claim(id, 10)).toHaveLength(2);
    });

    test('are not buried as long as they are heard of', async () => {
      const id = await register();
      const mine = ownedCreation(id);
      await commit(mine);
      expect(await store().workers.buryDead(HOUR)).toEqual({ workers: 0, executions: 0 });
      expect(await store().workers.heartbeat(id)).toBe(true);
      expect(await commit(following(mine))).toEqual([COMMITTED]);
    });

    test('are dead where they are not registered', async () => {
      const ghost = ownedCreation(newId());
      const living = ownedCreation(await register());
      await commit(ghost, living);
      expect(await store().workers.buryDead(HOUR)).toEqual({ workers: 0, executions: 1 });
      expect(await claimAll(store(), newId())).toEqual([ghost.executionId]);
      expect(await commit(following(living))).toEqual([COMMITTED]);
    });

    test('are each buried once, however many look', async () => {
      const ids = await Promise.all(Array.from({ length: 5 }, () => register()));
      await commit(...ids.map((id) => ownedCreation(id)));
      const rounds = await Promise.all(Array.from({ length: 4 }, () => store().workers.buryDead(0)));
      expect(rounds.reduce((sum, { workers }) => sum + workers, 0)).toBe(5);
      expect(rounds.reduce((sum, { executions }) => sum + executions, 0)).toBe(5);
    });

    test('may register anew after they were buried', async () => {
      const id = await register();
      await store().workers.buryDead(0);
      await store().workers.register({ id, host: 'test', pid: 2, roles: [] });
      expect(await store().workers.heartbeat(id)).toBe(true);
    });
  });

  describe('listen', () => {
    test('hears of signals, queued and released executions, and of timers that fire', async () => {
      let heard = (): void => undefined;
      await store().listen(() => heard());
      const hearing = (act: () => Promise<unknown>) =>
        new Promise<void>((resolve, reject) => {
          heard = resolve;
          act().catch(reject);
        });
      const owned = { ...ownedCreation(), arm: [{ timerId: newId(), at: 5 }] };
      const other = ownedCreation();
      await commit(owned, other);
      await hearing(() => store().executions.post(signalTo(owned)));
      await hearing(() => commit(creation()));
      await hearing(() => commit(following(other, { posts: [signalTo(owned)] })));
      await hearing(() => store().executions.fireTimers(5, 1000));
      await hearing(() => store().executions.release(owned.writer));
    });

    test('a store that is open answers', async () => {
      await expect(store().ping()).resolves.toBeUndefined();
    });
  });
}
