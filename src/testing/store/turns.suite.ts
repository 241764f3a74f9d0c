import { beforeEach, describe, expect, test } from 'vitest';
import type { Commit, Store } from '../../ports/store.ts';
import { creation, HOUR, NOW, newId } from '../factories.ts';
import { claimAs, drainQueue } from './drain.ts';

const MINUTE = 60_000;

/** The order of the queue: between projects, between priorities. */
export function turnsSuite(store: () => Store): void {
  beforeEach(() => drainQueue(store()));

  /** Queued executions of one project, the first the oldest. */
  const queue = async (count: number, priority = 1, createdAt = NOW, projectId = newId()) => {
    const commits: Commit[] = Array.from({ length: count }, (_, n) =>
      creation({ projectId }, { priority, createdAt: createdAt + n }),
    );
    await store().executions.commit(commits);
    return { projectId, ids: commits.map((one) => one.executionId) };
  };
  const claim = (limit: number) => claimAs(store(), newId(), limit);
  const countOf = async (limit: number) => {
    const counts = new Map<string, number>();
    for (const { projectId } of await claim(limit)) counts.set(projectId, (counts.get(projectId) ?? 0) + 1);
    return (project: { projectId: string }) => counts.get(project.projectId) ?? 0;
  };

  describe('turns', () => {
    test('each project gets an equal share, however much another has queued', async () => {
      const [busy, quiet, third] = [await queue(60), await queue(5, 1, NOW + HOUR), await queue(60, 1, NOW + HOUR)];
      const first = await countOf(12);
      expect([first(busy), first(quiet), first(third)]).toEqual([4, 4, 4]);
    });

    test('what one project does not need goes to the others', async () => {
      const [busy, quiet, third] = [await queue(40), await queue(2), await queue(9)];
      const first = await countOf(30);
      expect(first(quiet)).toBe(2);
      expect(first(third)).toBe(9);
      expect(first(busy)).toBe(19);
      expect((await countOf(100))(busy)).toBe(21);
    });

    test('where there is not one for each project they take turns, however old the others are', async () => {
      const first = await claim(1);
      const projects = await Promise.all([3, 2, 1].map((hours) => queue(4, 1, NOW - hours * HOUR)));
      const served = [];
      for (let n = 0; n < 6; n++) served.push(...(await claim(1)).map((one) => one.projectId));
      expect(first).toEqual([]);
      const wanted = projects.map((one) => one.projectId).sort();
      expect([served.slice(0, 3).sort(), served.slice(3).sort()]).toEqual([wanted, wanted]);
    });

    test('within a project the oldest goes first, a high priority before a low one of the same time', async () => {
      const projectId = newId();
      const low = await queue(1, 0, NOW, projectId);
      const plain = await queue(2, 1, NOW, projectId);
      const high = await queue(1, 2, NOW + MINUTE, projectId);
      const order: string[] = [];
      for (let n = 0; n < 4; n++) order.push(...(await claim(1)).map(({ id }) => id));
      expect(order).toEqual([...high.ids, ...plain.ids, ...low.ids]);
    });

    test('a low priority is overtaken only by what comes within minutes: it never starves', async () => {
      const projectId = newId();
      const later = await queue(20, 2, NOW + 21 * MINUTE, projectId);
      const low = await queue(1, 0, NOW, projectId);
      const soon = await queue(3, 2, NOW + 19 * MINUTE, projectId);
      expect((await claim(3)).map(({ id }) => id).sort()).toEqual([...soon.ids].sort());
      expect((await claim(1)).map(({ id }) => id)).toEqual(low.ids);
      expect(await claim(100)).toHaveLength(later.ids.length);
    });
  });
}
