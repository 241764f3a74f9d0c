import { expect, test } from 'vitest';
import { memoryDatabase } from '../adapters/memory/database.ts';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { RetentionSettings } from '../core/retention.ts';
import { parseRetention } from '../core/retention.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import { definition, endedCreation, NOW, newName, newWorkflow } from '../testing/factories.ts';
import { over, projectAll, sessionAppend } from '../testing/session-events.ts';
import { Retention } from './retention.ts';

const DAY = 86_400_000;
const runtime = systemRuntime('silent');

function scene(rules: string) {
  const database = memoryDatabase();
  const open = () => memoryStore(runtime, database);
  const store = open();
  const service = (over: Store = store) =>
    new Retention({
      store: over.retention,
      figures: over.figures,
      runtime,
      rules: parseRetention(rules),
      sessions: over.sessions,
      keepSessionsMs: 365 * DAY,
    });
  const left = async (workflowId: string) =>
    (await store.executions.list({ projectId: DEFAULT_PROJECT, workflowId, limit: 10_000 })).length;
  return { store, open, service, left };
}

async function workflow(store: Store, retention?: RetentionSettings): Promise<string> {
  const made = newWorkflow({ definition: definition(newName(), retention && { settings: { retention } }) });
  await store.workflows.create(made);
  return made.id;
}

async function ended(store: Store, workflowId: string, days: number, count = 1): Promise<void> {
  const one = () => endedCreation({ projectId: DEFAULT_PROJECT, finishedAt: NOW - days * DAY }, { workflowId });
  await store.executions.commit(Array.from({ length: count }, one));
}

test('a pass removes by the rules of the server, and by those of a workflow where it has some', async () => {
  const { store, service, left } = scene('completed=30d');
  const [plain, short, long, few] = [
    await workflow(store),
    await workflow(store, { completed: '7d' }),
    await workflow(store, { completed: 'forever' }),
    await workflow(store, { count: 2 }),
  ];
  for (const id of [plain, short, long, few]) {
    await ended(store, id, 40);
    await ended(store, id, 10);
    await ended(store, id, 1, 2);
  }
  await service().runOnce();
  expect([await left(plain), await left(short), await left(long), await left(few)]).toEqual([3, 2, 4, 2]);
  expect(await store.retention.lastPass()).toMatchObject({ removed: 5, finishedAt: expect.any(Number) });
});

test('executions of a workflow that was deleted go by the rules of the server', async () => {
  const { store, service, left } = scene('completed=30d');
  const id = await workflow(store, { completed: 'forever' });
  await ended(store, id, 40);
  await store.workflows.delete(DEFAULT_PROJECT, id);
  await service().runOnce();
  expect(await left(id)).toBe(0);
});

test('more than a batch goes batch by batch, in the rounds of a started service', async () => {
  const { store, service, left } = scene('completed=30d');
  const id = await workflow(store);
  await ended(store, id, 40, 2_500);
  const batches: number[] = [];
  const done = Promise.withResolvers<void>();
  const watched: Store = {
    ...store,
    retention: {
      ...store.retention,
      remove: async (...args) => {
        const batch = await store.retention.remove(...args);
        batches.push(batch.removed);
        return batch;
      },
      progress: async (removed, finished) => {
        await store.retention.progress(removed, finished);
        if (finished) done.resolve();
      },
    },
  };
  const one = service(watched);
  one.start();
  await done.promise;
  await one.stop();
  expect(batches).toEqual([1_000, 1_000, 500]);
  expect(await left(id)).toBe(0);
});

test('of two processes one does the pass', async () => {
  const { store, open, service, left } = scene('completed=30d');
  const id = await workflow(store);
  await ended(store, id, 40);
  expect(await open().retention.begin(0)).toBe(true);
  await service().runOnce();
  expect(await left(id)).toBe(1);
  await store.retention.progress(0, true);
  await service(open()).runOnce();
  expect(await left(id)).toBe(0);
});

test('a pass that failed is begun anew', async () => {
  const { store, service, left } = scene('completed=30d');
  const id = await workflow(store);
  await ended(store, id, 40);
  const failing = { ...store, retention: { ...store.retention, remove: () => Promise.reject(new Error('no')) } };
  await expect(service(failing).runOnce()).rejects.toThrow('no');
  expect(await left(id)).toBe(1);
  await store.retention.progress(0, true);
  await service().runOnce();
  expect(await left(id)).toBe(0);
});

test('sessions go a year after their end, more than a batch in one pass', async () => {
  const { store, service } = scene('completed=30d');
  const now = runtime.now();
  const [old, young] = [now - 366 * DAY, now - 364 * DAY];
  for (let n = 0; n < 120; n += 1)
    await store.sessions.append(DEFAULT_PROJECT, sessionAppend({ key: `old ${n}`, at: old, events: [over(old)] }), 0);
  await store.sessions.append(DEFAULT_PROJECT, sessionAppend({ key: 'young', at: old, events: [over(young)] }), 0);
  await store.sessions.append(DEFAULT_PROJECT, sessionAppend({ key: 'active', at: old }), 0);
  await projectAll(store);
  await service().runOnce();
  const left = await store.sessions.list({ projectId: DEFAULT_PROJECT, limit: 1_000 });
  expect(left.map(({ key }) => key)).toEqual(['young', 'active']);
});
