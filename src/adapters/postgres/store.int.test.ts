import { expect, test } from 'vitest';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { newId } from '../../testing/factories.ts';
import { testDatabase } from '../../testing/postgres.ts';
import { describeStore } from '../../testing/store.suite.ts';
import { openPostgresStore } from './store.ts';

describeStore('PostgreSQL', async () => {
  const database = await testDatabase();
  const store = await openPostgresStore(database.url);
  return {
    store,
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
});

test('processes that begin together on an empty database migrate it once, and one of them makes the first key', async () => {
  const database = await testDatabase();
  const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore(database.url)));
  const keys = stores.map(() => ({ id: newId(), projectId: DEFAULT_PROJECT, name: 'owner', hash: newId() }));
  const added = await Promise.all(stores.map((store, index) => store.access.addFirstKey(keys[index]!)));
  expect(added.filter((isFirst) => isFirst)).toHaveLength(1);
  const known = await Promise.all(stores.map((store, index) => store.access.projectOf(keys[index]!.hash)));
  expect(known.map((project) => project !== undefined)).toEqual(added);
  await Promise.all(stores.map((store) => store.close()));
  await database.drop();
});
