import { describe, expect, test } from 'vitest';
import { TOPICS } from '../../core/topics.ts';
import { type Change, MAX_TOLD } from '../../ports/live.ts';
import type { Store } from '../../ports/store.ts';
import { newId } from '../factories.ts';

export function liveSuite(store: () => Store): void {
  const change = (over: Partial<Change> = {}): Change => {
    return { projectId: newId(), topics: ['workflows'], executions: [], more: false, ...over };
  };

  /** Listens, and waits for what `told` tells of these projects. */
  async function heard(told: () => Promise<void>, projects: readonly string[]): Promise<Change[]> {
    const changes: Change[] = [];
    const done = Promise.withResolvers<void>();
    await store().live.listen(
      (one) => {
        if (projects.includes(one.projectId)) changes.push(one);
        if (changes.length === projects.length) done.resolve();
      },
      () => undefined,
    );
    await told();
    await done.promise;
    return changes;
  }

  describe('changes', () => {
    test('are told to whoever listens, each with its project', async () => {
      const execution = { id: newId(), workflowId: newId(), status: 'running' } as const;
      const changes = [
        change({ topics: ['executions', 'approvals'], executions: [execution] }),
        change({ topics: ['dead-letters'], more: true }),
      ];
      const projects = changes.map(({ projectId }) => projectId);
      expect(await heard(() => store().live.tell(changes), projects)).toEqual(changes);
    });

    test('as large as they get are told', async () => {
      const one = () => ({ id: newId(), workflowId: newId(), status: 'compensation_failed' }) as const;
      const executions = Array.from({ length: MAX_TOLD }, one);
      const largest = change({ topics: [...TOPICS], executions, more: true });
      const [told] = await heard(() => store().live.tell([largest]), [largest.projectId]);
      expect({ ...told, topics: [...(told?.topics ?? [])].sort() }).toEqual({
        ...largest,
        topics: [...TOPICS].sort(),
      });
    });

    test('of nothing are nothing; and that something was missed is told to all', async () => {
      await store().live.tell([]);
      const first = Promise.withResolvers<void>();
      const second = Promise.withResolvers<void>();
      await store().live.listen(() => undefined, first.resolve);
      await store().live.listen(() => undefined, second.resolve);
      await store().live.tellMissed();
      await Promise.all([first.promise, second.promise]);
    });
  });
}
