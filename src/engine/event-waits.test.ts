import { expect, test } from 'vitest';
import type { WaitStore } from '../ports/waits.ts';
import { serverParts } from '../testing/api.ts';
import { newId, ownedCreation } from '../testing/factories.ts';
import { EventWaits } from './event-waits.ts';

test('a large message is written to its many waits in several statements', async () => {
  const { store, runtime } = serverParts({ roles: [] });
  const projectId = newId();
  const details = { type: 'big', match: null };
  const asked = Array.from({ length: 100 }, () =>
    ownedCreation(newId(), {
      ...{ projectId, status: 'waiting', owner: null },
      opens: [{ waitId: newId(), path: 'w', kind: 'event', details }],
    }),
  );
  await store.executions.commit(asked);
  const sizes: number[] = [];
  const waits: Pick<WaitStore, 'expected' | 'forEvent' | 'answer'> = {
    expected: (...types) => store.waits.expected(...types),
    forEvent: (...page) => store.waits.forEvent(...page),
    answer: (answers, now) => {
      sizes.push(JSON.stringify(answers).length);
      return store.waits.answer(answers, now);
    },
  };
  const event = { specversion: '1.0' as const, id: '1', source: '/t', type: 'big', data: 'x'.repeat(250_000) };
  const deliverer = new EventWaits({ waits, runtime, answered: () => undefined, maskOf: async () => null });
  await deliverer.deliver([{ id: 1, projectId, event, attempts: 0 }]);
  expect(await store.waits.list({ projectId, kind: 'event', open: true, limit: 10 })).toEqual([]);
  expect(Math.max(...sizes)).toBeLessThan(9 * 1024 * 1024);
});
