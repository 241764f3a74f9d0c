import { describe, expect, test } from 'vitest';
import { DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import type { TriggerState } from '../../ports/trigger-states.ts';
import { definition, FAILURE, NOW, newId, newName, newWorkflow } from '../factories.ts';

const SILENT_MS = 60_000;

const newState = (over: Partial<TriggerState> = {}): TriggerState => ({
  projectId: newId(),
  triggerId: newId(),
  ...{ status: 'running', error: null, since: NOW, lastMessageAt: null, messages: 0, lag: null },
  ...over,
});

export function triggerStateSuite(store: () => Store): void {
  describe('states of triggers', () => {
    const states = () => store().triggerStates;

    test('are as each process told them last, each project its own', async () => {
      const [one, two] = [newId(), newId()].sort() as [string, string];
      const first = newState({ lastMessageAt: NOW, messages: 2 ** 40, lag: 7 });
      const second = { ...newState({ status: 'error', error: FAILURE }), triggerId: first.triggerId };
      const broken = { ...second, projectId: first.projectId };
      await states().tell(one, [first, newState()], SILENT_MS);
      await states().tell(two, [broken], SILENT_MS);
      const told = [
        { ...first, process: one },
        { ...broken, process: two },
      ];
      expect(await states().list(first.projectId, SILENT_MS)).toEqual(told);
      expect(await states().list(newId(), SILENT_MS)).toEqual([]);
      const next = { ...first, status: 'starting', messages: 0, lag: null } as const;
      await states().tell(one, [next], SILENT_MS);
      expect(await states().list(first.projectId, SILENT_MS)).toEqual([{ ...next, process: one }, told[1]]);
    });

    test('go where their process does not tell them any more', async () => {
      const [process, other] = [newId(), newId()];
      const [kept, left] = [newState(), newState()];
      await states().tell(process, [kept, { ...left, projectId: kept.projectId }], SILENT_MS);
      await states().tell(other, [kept], SILENT_MS);
      await states().tell(process, [kept], SILENT_MS);
      expect(await states().list(kept.projectId, SILENT_MS)).toHaveLength(2);
      await states().tell(process, [], SILENT_MS);
      expect(await states().list(kept.projectId, SILENT_MS)).toMatchObject([{ process: other }]);
    });

    test('of a silent process are not shown, and are removed by the next that tells', async () => {
      const [silent, living] = [newId(), newId()];
      const state = newState();
      await states().tell(silent, [state], SILENT_MS);
      expect(await states().list(state.projectId, 0)).toEqual([]);
      expect(await states().list(state.projectId, SILENT_MS)).toHaveLength(1);
      await states().tell(living, [], 0);
      expect(await states().list(state.projectId, SILENT_MS)).toEqual([]);
    });

    test('in error are counted by type, each trigger once', async () => {
      const type = newName();
      const triggers = ['a', 'b'].map((name) => ({ id: newId(), name, type, config: {} }));
      await store().workflows.create(newWorkflow({ definition: definition(newName()), triggers }));
      const about = (index: number, status: TriggerState['status']) =>
        newState({ projectId: DEFAULT_PROJECT, triggerId: triggers[index]!.id, status });
      await states().tell(newId(), [about(0, 'error'), about(1, 'running')], SILENT_MS);
      await states().tell(newId(), [about(0, 'error'), newState({ status: 'error' })], SILENT_MS);
      const counts = await states().errors(SILENT_MS);
      expect(counts.filter((one) => one.type === type)).toEqual([{ type, count: 1 }]);
      expect(await states().errors(0)).toEqual([]);
    });
  });
}
