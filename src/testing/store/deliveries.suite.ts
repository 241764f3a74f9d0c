import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../ports/deliveries.ts';
import { DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import { endedCreation, NOW, newId, newName } from '../factories.ts';

export function deliverySuite(store: () => Store): void {
  describe('deliveries', () => {
    const delivery = (over: Partial<Delivery> = {}): Delivery => ({
      ...{ id: newId(), projectId: newId(), executionId: newId(), path: 'each[0]/tell', attempt: 1 },
      ...{ connection: newName(), type: 'order.created', messageId: 'msg_1', status: 200, error: null },
      ...{ response: '{"ok":true}', durationMs: 12, at: NOW },
      ...over,
    });
    const list = (projectId: string, filter: object = {}) =>
      store().deliveries.list(projectId, { limit: 10, ...filter });

    test('are listed newest first, page by page, each project its own', async () => {
      const projectId = newId();
      const all = [1, 2, 3].map((attempt) => delivery({ projectId, attempt }));
      for (const one of [...all, delivery()]) await store().deliveries.note(one);
      const newest = all.toReversed();
      expect(await list(projectId)).toEqual(newest);
      expect(await list(projectId, { limit: 2 })).toEqual(newest.slice(0, 2));
      expect(await list(projectId, { before: newest[1]!.id })).toEqual(newest.slice(2));
    });

    test('are found by connection, by execution, and where they failed', async () => {
      const projectId = newId();
      const silent = delivery({ projectId, status: null, error: 'connection_failed', response: null });
      const refused = delivery({ projectId, status: 410, connection: silent.connection });
      const good = delivery({ projectId, executionId: refused.executionId });
      for (const one of [silent, refused, good]) await store().deliveries.note(one);
      expect(await list(projectId, { failed: true })).toEqual([refused, silent]);
      expect(await list(projectId, { connection: silent.connection })).toEqual([refused, silent]);
      expect(await list(projectId, { executionId: refused.executionId })).toEqual([good, refused]);
      expect(await list(projectId, { executionId: refused.executionId, failed: true })).toEqual([refused]);
    });

    test('go with their execution', async () => {
      const commit = endedCreation({ projectId: DEFAULT_PROJECT });
      const { executionId } = commit;
      await store().executions.commit([commit]);
      await store().deliveries.note(delivery({ projectId: DEFAULT_PROJECT, executionId }));
      expect(await list(DEFAULT_PROJECT, { executionId })).toHaveLength(1);
      await store().executions.delete(DEFAULT_PROJECT, executionId);
      expect(await list(DEFAULT_PROJECT, { executionId })).toEqual([]);
    });
  });
}
