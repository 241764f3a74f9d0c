import { expect, test } from 'vitest';
import { aKey, NOW, newId } from '../../testing/factories.ts';
import { testDatabase } from '../../testing/postgres.ts';
import { describeStore } from '../../testing/store.suite.ts';
import { openPool } from './sql.ts';
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
  const keys = stores.map(() => aKey());
  const added = await Promise.all(stores.map((store, index) => store.access.addFirstKey(keys[index]!)));
  expect(added.filter((isFirst) => isFirst)).toHaveLength(1);
  const known = await Promise.all(stores.map((store, index) => store.access.use(keys[index]!.hash, NOW)));
  expect(known.map((key) => key !== undefined)).toEqual(added);
  await Promise.all(stores.map((store) => store.close()));
  await database.drop();
});

test('a key that is removed takes its sign-ins with it, and no others', async () => {
  const database = await testDatabase();
  const { access, signIns, close } = await openPostgresStore(database.url);
  const sql = openPool(database.url, { max: 1 });
  const [gone, stays] = [newId(), newId()];
  const one = (hash: string) => ({ hash, createdAt: 0, expiresAt: 10 });
  for (const hash of [gone, stays]) {
    await access.addKey(aKey({ hash }), 2);
    await signIns.add({ ...one(`browser of ${hash}`), kind: 'browser', keyHash: hash });
    await signIns.add({ ...one(`link of ${hash}`), kind: 'link', keyHash: hash });
  }
  await sql`delete from api_keys where hash = ${gone}`;
  expect(await signIns.get(`browser of ${gone}`, 5)).toBeUndefined();
  expect(await signIns.redeem(`link of ${gone}`, one('other'))).toBeUndefined();
  expect(await sql`select hash from sign_ins order by hash`).toEqual([
    { hash: `browser of ${stays}` },
    { hash: `link of ${stays}` },
  ]);
  await Promise.all([sql.end(), close()]);
  await database.drop();
});
