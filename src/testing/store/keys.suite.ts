import { describe, expect, test } from 'vitest';
import type { Commit, CommitResult, Store } from '../../ports/store.ts';
import { creation, endedCreation, following, HOUR, NOW, newId, ownedCreation, signalTo } from '../factories.ts';
import { COMMITTED } from './commit.suite.ts';
import { signalsOf } from './drain.ts';

const duplicate = (of: Commit): CommitResult => ({ result: 'duplicate', of: of.executionId });

export function keySuite(store: () => Store): void {
  describe('idempotency keys', () => {
    const commit = (...commits: Commit[]) => store().executions.commit(commits);
    const byKey = (projectId: string, key: string) => store().executions.byKey(projectId, key);
    const row = ({ projectId, executionId }: Commit) => store().executions.get(projectId, executionId);
    const keyed = (projectId: string, key: string, expiresAt = NOW + HOUR) =>
      creation({ projectId }, { key: { key, expiresAt } });

    test('a key makes one execution, and names it to whoever comes later', async () => {
      const project = newId();
      const [first, second] = [keyed(project, 'order-1'), keyed(project, 'order-1')];
      expect(await byKey(project, 'order-1')).toBeUndefined();
      expect(await commit(first)).toEqual([COMMITTED]);
      expect(await commit(second)).toEqual([duplicate(first)]);
      expect(await byKey(project, 'order-1')).toBe(first.executionId);
      expect(await row(second)).toBeUndefined();
    });

    test('the first of a batch wins, and the batch goes on', async () => {
      const project = newId();
      const [first, second, third] = [keyed(project, 'a'), keyed(project, 'a'), keyed(project, 'a')];
      const [other, plain] = [keyed(project, 'b'), endedCreation()];
      const results = await commit(first, second, other, plain, third);
      expect(results).toEqual([COMMITTED, duplicate(first), COMMITTED, COMMITTED, duplicate(first)]);
      expect((await store().executions.list({ projectId: project, limit: 10 })).map(({ id }) => id)).toEqual(
        [first.executionId, other.executionId].sort().reverse(),
      );
    });

    test('a duplicate within a batch names the holder from an earlier batch', async () => {
      const project = newId();
      const holder = keyed(project, 'a');
      await commit(holder);
      expect(await commit(keyed(project, 'a'), keyed(project, 'a'))).toEqual([duplicate(holder), duplicate(holder)]);
    });

    test('of many at the same time exactly one is created', async () => {
      const project = newId();
      const rivals = Array.from({ length: 8 }, () => keyed(project, 'same'));
      const results = (await Promise.all(rivals.map((one) => commit(one)))).flat();
      const winners = rivals.filter((_, index) => results[index]?.result === 'committed');
      expect(winners).toHaveLength(1);
      const [winner] = winners as [Commit];
      expect(results.filter(({ result }) => result !== 'committed')).toEqual(Array(7).fill(duplicate(winner)));
      const rows = await store().executions.list({ projectId: project, limit: 10 });
      expect(rows.map(({ id }) => id)).toEqual([winner.executionId]);
      expect(await byKey(project, 'same')).toBe(winner.executionId);
    });

    test('batches that want the same keys in other orders do not block each other', async () => {
      const project = newId();
      const names = ['a', 'b', 'c', 'd'];
      const batches = [names, names.toReversed(), names, names.toReversed()].map((keys) =>
        keys.map((key) => keyed(project, key)),
      );
      const results = (await Promise.all(batches.map((batch) => commit(...batch)))).flat();
      expect(results.filter(({ result }) => result === 'committed')).toHaveLength(4);
      expect(results.filter(({ result }) => result === 'duplicate')).toHaveLength(12);
      expect(await store().executions.list({ projectId: project, limit: 100 })).toHaveLength(4);
    });

    test('each project has keys of its own', async () => {
      const [one, two] = [keyed(newId(), 'order-1'), keyed(newId(), 'order-1')];
      expect(await commit(one, two)).toEqual([COMMITTED, COMMITTED]);
      expect(await byKey(one.projectId, 'order-1')).toBe(one.executionId);
      expect(await byKey(two.projectId, 'order-1')).toBe(two.executionId);
    });

    test('a key that has expired holds nothing and may be taken again', async () => {
      const project = newId();
      const [old, next] = [keyed(project, 'a', NOW - HOUR), keyed(project, 'a')];
      await commit(old);
      expect(await byKey(project, 'a')).toBeUndefined();
      expect(await commit(next)).toEqual([COMMITTED]);
      expect(await byKey(project, 'a')).toBe(next.executionId);
      expect(await commit(keyed(project, 'a'))).toEqual([duplicate(next)]);
    });

    test('a duplicate leaves nothing and does not disturb the others', async () => {
      const project = newId();
      const [holder, owned] = [keyed(project, 'a'), ownedCreation()];
      await commit(holder, owned);
      const child = creation({ projectId: project });
      const timerId = newId();
      const late = {
        ...keyed(project, 'a'),
        arm: [{ timerId, at: 5 }],
        posts: [signalTo(owned)],
        children: [child],
      };
      expect(await commit(following(owned), late, keyed(project, 'b'))).toEqual([
        COMMITTED,
        duplicate(holder),
        COMMITTED,
      ]);
      expect(await row(late)).toBeUndefined();
      expect(await row(child)).toBeUndefined();
      expect(await signalsOf(store(), owned.executionId)).toEqual([]);
      while ((await store().executions.fireTimers(10, 1000)).fired > 0);
      expect(await signalsOf(store(), late.executionId)).toEqual([]);
      expect((await store().executions.histories([late.executionId])).get(late.executionId) ?? []).toEqual([]);
    });

    test('the key of an execution that was deleted is free again', async () => {
      const project = newId();
      const key = { key: 'a', expiresAt: NOW + HOUR };
      const first = endedCreation({ projectId: project }, { key });
      await commit(first);
      await store().executions.delete(project, first.executionId);
      expect(await byKey(project, 'a')).toBeUndefined();
      expect(await commit(keyed(project, 'a'))).toEqual([COMMITTED]);
    });

    test.each([
      ['spaces, quotes and separators', ' a "b" \'c\' {d,e} \\ \u001e \n'],
      ['characters beyond 16 bits', '🗝️ clé 鍵'],
      ['NUL', 'a\u0000b'],
      ['thousands of characters that do not compress', Array.from({ length: 300 }, newId).join('')],
    ])('a key may hold %s', async (_, key) => {
      const first = keyed(newId(), key);
      expect(await commit(first)).toEqual([COMMITTED]);
      expect(await commit(keyed(first.projectId, key))).toEqual([duplicate(first)]);
      expect(await commit(keyed(first.projectId, `${key}.`))).toEqual([COMMITTED]);
      expect(await byKey(first.projectId, key)).toBe(first.executionId);
    });
  });
}
