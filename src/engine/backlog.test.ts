import { expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { creation, newId } from '../testing/factories.ts';
import { claimAs } from '../testing/store/drain.ts';
import { Backlog } from './backlog.ts';

test('refuses while more wait than may, and not once they have been claimed', async () => {
  const runtime = systemRuntime('silent');
  const database = memoryStore(runtime);
  const store = database.executions;
  const backlog = new Backlog({ store, runtime, limit: 2 });
  await store.commit([creation(), creation()]);
  await backlog.runOnce();
  expect(() => backlog.check()).not.toThrow();
  await store.commit([creation()]);
  expect(() => backlog.check()).not.toThrow();
  await backlog.runOnce();
  expect(() => backlog.check()).toThrow('More than 2 executions wait for a worker.');
  await claimAs(database, newId(), 1);
  await backlog.runOnce();
  expect(() => backlog.check()).not.toThrow();
});
