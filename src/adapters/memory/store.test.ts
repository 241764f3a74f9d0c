import { describe, expect, test } from 'vitest';
import type { Runtime } from '../../ports/runtime.ts';
import { aKey, creation, following, NOW, newId, ownedCreation, signalTo } from '../../testing/factories.ts';
import { describeStore } from '../../testing/store.suite.ts';
import { memoryDatabase } from './database.ts';
import { memoryStore } from './store.ts';

const silent = () => undefined;

const runtime: Runtime = {
  now: () => Date.now(),
  id: newId,
  random: () => 0.5,
  sleep: async () => undefined,
  soon: setImmediate,
  log: { debug: silent, info: silent, warn: silent, error: silent },
};

describeStore('the memory store', async () => {
  const store = memoryStore(runtime);
  return { store, close: () => store.close() };
});

describe('the memory store besides', () => {
  const key = aKey();

  test('begins without keys', async () => {
    const store = memoryStore(runtime);
    expect(await store.access.isEmpty()).toBe(true);
    expect(await store.access.addFirstKey(key)).toBe(true);
    expect(await store.access.isEmpty()).toBe(false);
    expect(await store.access.use(key.hash, NOW)).toMatchObject({ id: key.id });
  });

  test('shares what it holds with the other stores of its database only', async () => {
    const database = memoryDatabase();
    const [one, two, apart] = [memoryStore(runtime, database), memoryStore(runtime, database), memoryStore(runtime)];
    await one.access.addKey(key, 1);
    expect(await two.access.use(key.hash, NOW)).toMatchObject({ id: key.id });
    expect(await apart.access.use(key.hash, NOW)).toBeUndefined();
  });

  test('knows no sign-in of a key that was removed', async () => {
    const database = memoryDatabase();
    const { access, signIns } = memoryStore(runtime, database);
    await access.addKey(key, 1);
    const one = (hash: string) => ({ hash, createdAt: 0, expiresAt: 10 });
    await signIns.add({ ...one('browser'), kind: 'browser', keyHash: key.hash });
    await signIns.add({ ...one('link'), kind: 'link', keyHash: key.hash });
    database.apiKeys.delete(key.hash);
    expect(await signIns.get('browser', 5)).toBeUndefined();
    expect(await signIns.redeem('link', one('other'))).toBeUndefined();
  });

  test('does not answer after it was closed, nor call those who listened; its database stays', async () => {
    const database = memoryDatabase();
    const [one, two] = [memoryStore(runtime, database), memoryStore(runtime, database)];
    const calls: string[] = [];
    const first = creation();
    await two.executions.commit([first]);
    await one.listen(() => calls.push('one'));
    await one.close();
    await expect(one.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
    const heard = Promise.withResolvers<void>();
    await two.listen(() => {
      calls.push('two');
      heard.resolve();
    });
    expect(await two.executions.post(signalTo(first))).toBe(true);
    await heard.promise;
    expect(calls).toEqual(['two']);
  });

  test('expires keys and leases by the clock of the runtime', async () => {
    let now = 1000;
    const store = memoryStore({ ...runtime, now: () => now });
    const [id, projectId] = [newId(), newId()];
    const keyed = () => creation({ projectId }, { key: { key: 'a', expiresAt: 2000 } });
    const first = keyed();
    await store.executions.commit([first]);
    await store.workers.register({ id, host: 'test', pid: 1, roles: [] });
    now = 2000;
    expect(await store.executions.byKey(projectId, 'a')).toBe(first.executionId);
    expect(await store.workers.buryDead(1001)).toEqual({ workers: 0, executions: 0 });
    now = 2001;
    expect(await store.executions.byKey(projectId, 'a')).toBeUndefined();
    expect(await store.executions.commit([keyed()])).toEqual([{ result: 'committed' }]);
    expect(await store.workers.buryDead(1001)).toEqual({ workers: 1, executions: 0 });
  });

  test('writes nothing of a batch in which one commit cannot be written', async () => {
    const store = memoryStore(runtime);
    const owned = ownedCreation();
    const [fresh, gap] = [creation({}, { key: { key: 'a', expiresAt: 9e15 } }), following(owned, { firstSeq: 9 })];
    await store.executions.commit([owned]);
    await expect(store.executions.commit([fresh, gap])).rejects.toMatchObject({ code: 'internal' });
    const circular: unknown[] = [];
    circular.push(circular);
    const odd = creation({ events: [{ type: 'execution.completed', at: 1, data: { output: circular } }] });
    await expect(store.executions.commit([fresh, odd])).rejects.toThrow(TypeError);
    expect(await store.executions.get(fresh.projectId, fresh.executionId)).toBeUndefined();
    expect(await store.executions.byKey(fresh.projectId, 'a')).toBeUndefined();
    expect(await store.executions.commit([fresh])).toEqual([{ result: 'committed' }]);
  });
});
