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
