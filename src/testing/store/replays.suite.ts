import { describe, expect, test } from 'vitest';
import { MAX_REPLAYS, type NewReplay, type Replay, type ReplayStep } from '../../ports/replays.ts';
import type { Store } from '../../ports/store.ts';
import { FAILURE, NOW, newId, newName } from '../factories.ts';

function newReplay(projectId: string, over: Partial<NewReplay> = {}): NewReplay {
  return {
    ...{ id: newId(), projectId, workflowId: newId(), workflowName: newName(), version: 3, suppressed: true },
    ...{ filter: { type: 'order.*', from: NOW - 5 }, trigger: { name: 'placed', config: { event: 'order.*' } } },
    ...{ status: 'running', position: 0, total: 5, started: 0, skipped: 0, refused: 0, error: null },
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
    const put = async (projectId: string, over: Partial<NewReplay> = {}): Promise<Replay> => {
      const one = newReplay(projectId, over);
      const added = await replays().add(one);
      expect(added).toEqual({ ...one, end: expect.any(Number) });
      return added as Replay;
    };
    /** In a busy cluster one may have to wait. */
    const step = async (now: number, advance: (replay: Replay) => Promise<ReplayStep>) => {
      for (;;) {
        const stepped = await replays().step(now, advance);
        if (stepped !== null) return stepped;
        await new Promise(setImmediate);
      }
    };
    /** Others of the database are over. */
    const endAll = async () => {
      while ((await step(NOW, async (one) => ({ ...one, status: 'completed' }))) !== undefined);
    };
    const say = async (projectId: string): Promise<number> => {
      const event = { specversion: '1.0', id: newId(), source: '/test', type: 'order.placed' } as const;
      await store().messages.add([{ projectId, event }]);
      const [last] = await store().messages.list({ projectId, limit: 1 });
      return last?.id ?? 0;
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

    test('end where the log ends when they are added', async () => {
      const projectId = newId();
      const before = await say(projectId);
      const one = await put(projectId);
      expect(one.end).toBe(before);
      const after = await say(projectId);
      expect(after).toBeGreaterThan(one.end);
      expect((await put(projectId)).end).toBe(after);
      await endAll();
    });

    test('go on step by step, the one that waited longest first', async () => {
      await endAll();
      const projectId = newId();
      const [a, b] = [await put(projectId, { movedAt: NOW + 1 }), await put(projectId)];
      const seen: string[] = [];
      const see = (now: number, what: ReplayStep) =>
        step(now, async ({ id }) => {
          seen.push(id);
          return what;
        });
      expect(await see(NOW + 2, moved(4))).toEqual({ ...b, ...moved(4), movedAt: NOW + 2 });
      expect(await see(NOW + 3, moved(7, { status: 'failed', error: FAILURE }))).toEqual({
        ...a,
        ...{ status: 'failed', position: 7, started: 7, skipped: 1, error: FAILURE },
        ...{ movedAt: NOW + 3, finishedAt: NOW + 3 },
      });
      await see(NOW + 4, moved(9, { status: 'completed' }));
      expect(await replays().get(projectId, b.id)).toMatchObject({ status: 'completed', finishedAt: NOW + 4 });
      expect(seen).toEqual([b.id, a.id, b.id]);
      expect(await see(NOW, moved(1))).toBeUndefined();
    });

    test('one is in one pair of hands, and goes on where a step threw', async () => {
      await endAll();
      const projectId = newId();
      const one = await put(projectId);
      let other: Replay | null | undefined = one;
      await step(NOW, async () => {
        other = await replays().step(NOW, async () => moved(99));
        return moved(1);
      });
      expect(other).toBeNull();
      await expect(step(NOW, () => Promise.reject(new Error('died')))).rejects.toThrow('died');
      expect(await replays().get(projectId, one.id)).toMatchObject({ status: 'running', position: 1 });
      expect(await step(NOW, async () => moved(2))).toMatchObject({ id: one.id, position: 2 });
    });

    test('a cancel stays, also where it comes in the middle of a step; what had ended is not canceled', async () => {
      await endAll();
      const projectId = newId();
      const one = await put(projectId);
      const stepped = await step(NOW + 1, async () => {
        expect(await replays().cancel(projectId, one.id, NOW + 2)).toMatchObject({ status: 'canceled' });
        return moved(3, { status: 'completed' });
      });
      const canceled = { status: 'canceled', position: 3, started: 3, finishedAt: NOW + 2 };
      expect(stepped).toMatchObject(canceled);
      expect(await step(NOW, async () => moved(9))).toBeUndefined();
      expect(await replays().cancel(projectId, one.id, NOW + 9)).toMatchObject(canceled);
    });

    test('so many run in a project, and no more', async () => {
      await endAll();
      const [projectId, other] = [newId(), newId()];
      for (let n = 0; n < MAX_REPLAYS; n += 1) await put(projectId);
      expect(await replays().add(newReplay(projectId))).toBeUndefined();
      await put(other);
      await endAll();
      await put(projectId);
      await endAll();
    });
  });
}
