/** Groups of event triggers before a log that is larger than what is looked at for a list of them. */
import { expect, test } from 'vitest';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { NOW, newId, newWorkflow } from '../../testing/factories.ts';
import { testDatabase } from '../../testing/postgres.ts';
import { openPostgresStore } from './store.ts';

test('what is before a group is looked at only so far, and that there is more is told', async () => {
  const database = await testDatabase();
  const store = await openPostgresStore(database.url);
  const types = Array.from({ length: 60 }, (_, at) => `rare${at}`);
  for (const event of types) {
    const triggers = [{ id: newId(), name: 'on', type: 'event', config: { event, group: event } }];
    const { id } = await store.workflows.create(newWorkflow({ status: 'active', triggers }));
    await store.workflows.setStatus(DEFAULT_PROJECT, id, 'paused', NOW);
  }
  const message = (type: string) => ({
    projectId: DEFAULT_PROJECT,
    event: { specversion: '1.0' as const, id: newId(), source: '/test', type, partitionkey: 'one' },
  });
  await store.messages.add([message('rare0')]);
  await store.messages.add(Array.from({ length: 1_100 }, () => message('frequent')));
  await store.messages.add([message('rare0'), message('rare1')]);
  const [first, second] = await store.eventGroups.list(DEFAULT_PROJECT, { limit: 200 });
  expect(first).toMatchObject({ name: 'group/rare0', waiting: 1, isMore: true, oldestAt: expect.any(Number) });
  expect(second).toMatchObject({ name: 'group/rare1', waiting: 0, isMore: true, oldestAt: null });
  // For one alone more is looked at.
  const alone = await store.eventGroups.get(DEFAULT_PROJECT, 'group/rare0');
  expect(alone).toMatchObject({ waiting: 2, isMore: false });
  await store.close();
  await database.drop();
});
