import { describe, expect, test } from 'vitest';
import { DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import { newId, newWorkflow } from '../factories.ts';

export function brokerPlaceSuite(store: () => Store): void {
  describe('places of groups at brokers', () => {
    const places = () => store().brokerPlaces;
    async function newGroup() {
      const trigger = { id: newId(), name: 'in', type: 'kafka', config: {} };
      const { id } = await store().workflows.create(newWorkflow({ triggers: [trigger] }));
      return { workflowId: id, of: { projectId: DEFAULT_PROJECT, triggerId: trigger.id, group: 'g' } };
    }

    test('are kept one by one, for each group its own', async () => {
      const { of } = await newGroup();
      expect(await places().read(of)).toEqual({});
      await places().write(of, { 'topic/0': 1, 'topic/1': 2 ** 50 });
      await places().write({ ...of, group: 'other' }, { 'topic/0': 9 });
      await places().write(of, { 'topic/0': 5 });
      expect(await places().read(of)).toEqual({ 'topic/0': 5, 'topic/1': 2 ** 50 });
      expect(await places().read({ ...of, projectId: newId() })).toEqual({});
    });

    test('go with their trigger, of which nothing is written any more', async () => {
      const { of, workflowId } = await newGroup();
      await places().write(of, { 'topic/0': 1 });
      await store().workflows.delete(DEFAULT_PROJECT, workflowId);
      await places().write(of, { 'topic/0': 2 });
      expect(await places().read(of)).toEqual({});
    });
  });
}
