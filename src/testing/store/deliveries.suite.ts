import { describe, expect, test } from 'vitest';
import type { NewDelivery } from '../../ports/deliveries.ts';
import { DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import { endedCreation, NOW, newId, newName } from '../factories.ts';

export function deliverySuite(store: () => Store): void {
  describe('deliveries', () => {
    const delivery = (over: Partial<NewDelivery> = {}): NewDelivery => ({
      ...{ id: newId(), projectId: newId(), executionId: newId(), path: 'each[0]/tell', attempt: 1 },
      ...{ connection: newName(), type: 'order.created', messageId: 'msg_1', repeats: null, status: 200, error: null },
      ...{ response: '{"ok":true}', durationMs: 12, at: NOW },
      ...over,
    });
    /** Of which nothing is kept. */
    const lost = (one: NewDelivery) => ({ ...one, isKept: false });
    const list = (projectId: string, filter: object = {}) =>
      store().deliveries.list(projectId, { limit: 10, ...filter });

    test('are listed newest first, page by page, each project its own', async () => {
      const projectId = newId();
      const all = [1, 2, 3].map((attempt) => delivery({ projectId, attempt }));
      for (const one of [...all, delivery()]) await store().deliveries.note(one, null);
      const newest = all.toReversed().map(lost);
      expect(await list(projectId)).toEqual(newest);
      expect(await list(projectId, { limit: 2 })).toEqual(newest.slice(0, 2));
      expect(await list(projectId, { before: newest[1]!.id })).toEqual(newest.slice(2));
    });

    test('are found by connection, by execution, and where they failed', async () => {
      const projectId = newId();
      const silent = delivery({ projectId, status: null, error: 'connection_failed', response: null });
      const refused = delivery({ projectId, status: 410, connection: silent.connection });
      const good = delivery({ projectId, executionId: refused.executionId });
      for (const one of [silent, refused, good]) await store().deliveries.note(one, null);
      expect(await list(projectId, { failed: true })).toEqual([refused, silent].map(lost));
      expect(await list(projectId, { connection: silent.connection })).toEqual([refused, silent].map(lost));
      expect(await list(projectId, { executionId: refused.executionId })).toEqual([good, refused].map(lost));
      expect(await list(projectId, { executionId: refused.executionId, failed: true })).toEqual([refused].map(lost));
    });

    test('keep what they said, short or long, for whoever sends it again', async () => {
      const projectId = newId();
      const { note, get } = store().deliveries;
      for (const data of ['{"a":"\\u0000\\u001e"}', JSON.stringify('x'.repeat(100_000)), null]) {
        const one = delivery({ projectId });
        await note(one, data);
        expect(await get(projectId, one.id)).toEqual({
          delivery: { ...one, isKept: data !== null },
          said: data === null ? null : { data, at: NOW },
        });
        expect(await get(newId(), one.id)).toBeUndefined();
      }
      expect(await get(projectId, newId())).toBeUndefined();
    });

    test('one that is sent again has an entry of its own, which says what the first has said', async () => {
      const projectId = newId();
      const { note, get, begin, settle } = store().deliveries;
      const first = delivery({ projectId, status: 503 });
      await note(first, '{"n":1}');
      const again = (over: Partial<NewDelivery> = {}) =>
        delivery({
          ...first,
          id: newId(),
          repeats: first.id,
          status: null,
          error: 'interrupted',
          at: NOW + 1,
          ...over,
        });
      const [one, two, other] = [again(), again(), again()];
      expect(await begin(one, 'k')).toBeUndefined();
      expect(await begin(two, 'k')).toEqual({ ...one, isKept: true });
      expect(await begin(other, null)).toBeUndefined();
      expect(await begin(again(), null)).toBeUndefined();
      const ended = { ...one, status: 200, error: null, response: 'ok', durationMs: 8 };
      await settle(ended);
      await settle({ ...ended, projectId: newId(), status: 500 });
      expect(await begin(two, 'k')).toEqual({ ...ended, isKept: true });
      expect(await get(projectId, one.id)).toEqual({
        delivery: { ...ended, isKept: true },
        said: { data: '{"n":1}', at: NOW },
      });
      expect(await list(projectId)).toHaveLength(4);
      const elsewhere = delivery({ projectId });
      await note(elsewhere, '2');
      expect(await begin(again({ repeats: elsewhere.id }), 'k')).toBeUndefined();
    });

    test('go with their execution', async () => {
      const commit = endedCreation({ projectId: DEFAULT_PROJECT });
      const { executionId } = commit;
      await store().executions.commit([commit]);
      await store().deliveries.note(delivery({ projectId: DEFAULT_PROJECT, executionId }), '1');
      expect(await list(DEFAULT_PROJECT, { executionId })).toHaveLength(1);
      await store().executions.delete(DEFAULT_PROJECT, executionId);
      expect(await list(DEFAULT_PROJECT, { executionId })).toEqual([]);
    });
  });
}
