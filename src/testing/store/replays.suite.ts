import { describe, expect, test } from 'vitest';
import { MAX_REPLAYS, type Replay, type ReplayStep } from '../../ports/replays.ts';
import type { Store } from '../../ports/store.ts';
import { FAILURE, NOW, newId, newName } from '../factories.ts';

function newReplay(projectId: string, over: Partial<Replay> = {}): Replay {
  return {
    ...{ id: newId(), projectId, workflowId: newId(), workflowName: newName(), version: 3, suppressed: true },
    ...{ filter: { type: 'order.*', from: NOW - 5 }, trigger: { name: 'placed', config: { event: 'order.*' } } },
    ...{ status: 'running', position: 0, end: 2 ** 40, total: 5, started: 0, skipped: 0, refused: 0, error: null },
    ...{ createdAt: NOW, movedAt: NOW, finishedAt: null },
    ...over,
  };
}

const moved = (position: number, over: Partial<ReplayStep> = {}): ReplayStep => ({
  ...{ status: 'running', position, started: position, skipped: 1, refused: 0, error: null },
  ...over,
});

export function replaySuite(store: () => Store): void {
  describe('replays', () => {
    const replays = () => store().replays;
    const put = async (projectId: string, over: Partial<Replay> = {}): Promise<Replay> => {
      const one = newReplay(projectId, over);
      expect(await replays().add(one)).toBe(true);
      return one;
    };
    /** Others of the database are over. */
    const endAll = async () => {
      while ((await replays().step(NOW, async (one) => ({ ...one, status: 'completed' }))) !== undefined);
    };

    test('are found by id and listed newest first, each project its own', async () => {
      const [projectId, other] = [newId(), newId()];
      const [a, b] = [await put(projectId), await put(projectId, { trigger: null, filter: {} })];
      expect(await replays().get(projectId, a.id)).toEqual(a);
      expect(await replays().get(projectId, b.id)).toEqual(b);
      expect(await replays().get(other, a.id)).toBeUndefined();
      expect(await replays().list(projectId, { limit: 5 })).toEqual([b, a]);
      expect(await replays().list(projectId, { limit: 5, before: b.id })).toEqual([a]);
      expect(await replays().list(other, { limit: 5 })).toEqual([]);
      expect(await replays().cancel(other, a.id, NOW)).toBeUndefined();
    });

    test('go on step by step, the one that waited longest first', async () => {
      await endAll();
      const projectId = newId();
      const [a, b] = [await put(projectId, { movedAt: NOW + 1 }), await put(projectId)];
      const seen: string[] = [];
      const step = (now: number, what: ReplayStep) =>
        replays().step(now, async ({ id }) => {
          seen.push(id);
          return what;
        });
      expect(await step(NOW + 2, moved(4))).toEqual({ ...b, ...moved(4), movedAt: NOW + 2 });
      expect(await step(NOW + 3, moved(7, { status: 'failed', error: FAILURE }))).toEqual({
        ...a,
        ...{ status: 'failed', position: 7, started: 7, skipped: 1, error: FAILURE },
        ...{ movedAt: NOW + 3, finishedAt: NOW + 3 },
      });
      await step(NOW + 4, moved(9, { status: 'completed' }));
      expect(await replays().get(projectId, b.id)).toMatchObject({ status: 'completed', finishedAt: NOW + 4 });
      expect(seen).toEqual([b.id, a.id, b.id]);
      expect(await step(NOW, moved(1))).toBeUndefined();
    });

    test('one is in one pair of hands, and goes on where a step threw', async () => {
      await endAll();
      const projectId = newId();
      const one = await put(projectId);
      let other: Replay | undefined = one;
      await replays().step(NOW, async () => {
        other = await replays().step(NOW, async () => moved(99));
        return moved(1);
      });
      expect(other).toBeUndefined();
      await expect(replays().step(NOW, () => Promise.reject(new Error('died')))).rejects.toThrow('died');
      expect(await replays().get(projectId, one.id)).toMatchObject({ status: 'running', position: 1 });
      expect(await replays().step(NOW, async () => moved(2))).toMatchObject({ id: one.id, position: 2 });
    });

    test('a cancel stays, also where it comes in the middle of a step; what had ended is not canceled', async () => {
      await endAll();
      const projectId = newId();
      const one = await put(projectId);
      const step = await replays().step(NOW + 1, async () => {
        expect(await replays().cancel(projectId, one.id, NOW + 2)).toMatchObject({ status: 'canceled' });
        return moved(3, { status: 'completed' });
      });
      const canceled = { status: 'canceled', position: 3, started: 3, finishedAt: NOW + 2 };
      expect(step).toMatchObject(canceled);
      expect(await replays().step(NOW, async () => moved(9))).toBeUndefined();
      expect(await replays().cancel(projectId, one.id, NOW + 9)).toMatchObject(canceled);
    });

    test('so many run in a project, and no more', async () => {
      await endAll();
      const [projectId, other] = [newId(), newId()];
      for (let n = 0; n < MAX_REPLAYS; n += 1) await put(projectId);
      expect(await replays().add(newReplay(projectId))).toBe(false);
      await put(other);
      await endAll();
      await put(projectId);
      await endAll();
    });
  });
}
