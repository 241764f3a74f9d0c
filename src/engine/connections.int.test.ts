/** Connections with keys in a real file, which several processes change: here two desks over one store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { createVault } from '../adapters/vault/vault.ts';
import type { ConnectionStore } from '../ports/connections.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import { ConnectionDesk } from './connections.ts';

const runtime = systemRuntime('silent');
const config = { host: 'db', database: 'shop', user: 'u', password: 'hunter2' };

let home = '';
let store: Store;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'connections-'));
  store = memoryStore(runtime);
});
afterEach(() => rmSync(home, { recursive: true }));

/** A process of its own, in which some operations of the store are others. */
function desk(changed: Partial<ConnectionStore> = {}): ConnectionDesk {
  const { workflows, connections, eventFeeds } = store;
  return new ConnectionDesk({
    store: { workflows, eventFeeds, connections: { ...connections, ...changed } },
    ...{ vault: createVault({ home }), runtime },
    tester: { test: () => Promise.reject(new Error('not in this test')) },
  });
}

/** Stands still in front of an operation. */
function gate() {
  const [reached, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const pass = async () => {
    reached.resolve();
    await open.promise;
  };
  return { reached: reached.promise, open: () => open.resolve(), pass };
}

test('of two rotations at once, none forgets the key by which the other seals', async () => {
  await desk().create(DEFAULT_PROJECT, { name: 'shop', type: 'postgres', config });
  const [beforeForgetting, beforeWriting] = [gate(), gate()];
  let asked = 0;
  const first = desk({
    keyVersions: async () => {
      const versions = await store.connections.keyVersions();
      asked += 1;
      if (asked === 2) await beforeForgetting.pass();
      return versions;
    },
  }).rotate();
  await beforeForgetting.reached;
  const second = desk({
    reseal: async (...of) => {
      await beforeWriting.pass();
      return await store.connections.reseal(...of);
    },
  }).rotate();
  await beforeWriting.reached;
  beforeForgetting.open();
  expect(await first).toMatchObject({ keyVersion: 2, changed: 1 });
  beforeWriting.open();
  expect(await second).toMatchObject({ keyVersion: 3, changed: 1 });
  const opened = await desk().open(DEFAULT_PROJECT, 'shop', 'postgres');
  expect(opened.secrets).toEqual({ password: 'hunter2' });
});

test('one that no key opens stands in the way of no other, and keeps the key it names', async () => {
  const { id } = await desk().create(DEFAULT_PROJECT, { name: 'a', type: 'postgres', config });
  await desk().create(DEFAULT_PROJECT, { name: 'b', type: 'postgres', config });
  const broken = await desk().get(DEFAULT_PROJECT, id);
  const garbage = { data: broken.sealed.data.with(40, broken.sealed.data[40]! ^ 1), keyVersion: 1 };
  await store.connections.reseal(broken, broken.sealed, garbage);
  expect(await desk().rotate()).toEqual({ keyVersion: 2, changed: 1, unreadable: 1 });
  expect(await desk().rotate()).toEqual({ keyVersion: 3, changed: 1, unreadable: 1 });
  expect((await desk().open(DEFAULT_PROJECT, 'b', 'postgres')).secrets).toEqual({ password: 'hunter2' });
  // Somebody may put back what it was.
  await store.connections.reseal(broken, garbage, broken.sealed);
  expect((await desk().open(DEFAULT_PROJECT, 'a', 'postgres')).secrets).toEqual({ password: 'hunter2' });
});

test('where the master key is lost, secrets that are entered anew make it whole', async () => {
  const made = await desk().create(DEFAULT_PROJECT, { name: 'shop', type: 'postgres', config });
  rmSync(join(home, 'master.key'));
  await desk().create(DEFAULT_PROJECT, { name: 'other', type: 'slack', config: { token: 'xoxb-1' } });
  const { password: _password, ...open } = config;
  const change = (news: object) => desk().change(DEFAULT_PROJECT, 'shop', news);
  for (const news of [{ name: 'shop-2' }, { config: open }, { name: 'shop-2', config: { ...open, host: 'db-2' } }]) {
    await expect(change(news)).rejects.toMatchObject({
      code: 'connection_sealed',
      message: expect.stringContaining('password anew'),
    });
  }
  expect(await desk().get(DEFAULT_PROJECT, 'shop')).toEqual(made);
  await change({ config: { ...open, host: 'db-2', password: 'hunter3' } });
  const opened = await desk().open(DEFAULT_PROJECT, 'shop', 'postgres');
  expect(opened.config).toMatchObject({ host: 'db-2', password: 'hunter3' });
  expect((await change({ name: 'shop-2' })).name).toBe('shop-2');
});
