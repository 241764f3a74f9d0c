import { expect, test } from 'vitest';
import { memoryDatabase } from '../adapters/memory/database.ts';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { RetentionSettings } from '../core/retention.ts';
import { parseRetention } from '../core/retention.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import {
  creation,
  definition,
  endedCreation,
  letterOf,
  NOW,
  newId,
  newName,
  newWorkflow,
} from '../testing/factories.ts';
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

test('letters of messages and their blobs go by the age of what failed, and for ever means for ever', async () => {
  const setAside = async (store: Store, n: number, days: number) => {
    const file = { projectId: DEFAULT_PROJECT, mediaType: 'application/octet-stream', isUpload: false };
    const blob = await store.files.put({ ...file, data: Buffer.from(`${n}`) });
    const none = { source: 'message', executionId: null, path: null } as const;
    const letter = letterOf(creation({ projectId: DEFAULT_PROJECT }), {
      ...{ ...none, id: newId(), originalEvent: { data: null, blob } },
    });
    await store.messages.setAside([{ letter, messages: [] }]);
    const note = { projectId: DEFAULT_PROJECT, by: null, notes: null };
    await store.deadLetters.archive({ ...note, ids: [letter.id], now: time - days * DAY });
    return { id: letter.id, hash: blob.hash };
  };
  let time = NOW;
  const pass = async (rules: string) => {
    const store = memoryStore({ ...runtime, now: () => time });
    const old = await setAside(store, 1, 40);
    for (let n = 2; n < 30; n += 1) await setAside(store, n, 40);
    const young = await setAside(store, 30, 20);
    time += 31 * DAY;
    await store.files.get(DEFAULT_PROJECT, old.hash);
    const { retention, figures, sessions } = store;
    const own = { ...runtime, now: () => time };
    const service = { store: retention, figures, runtime: own, sessions, keepSessionsMs: null };
    await new Retention({ ...service, rules: parseRetention(rules) }).runOnce();
    const letters = (await store.deadLetters.list({ projectId: DEFAULT_PROJECT, limit: 100 })).length;
    const files = await store.files.find(DEFAULT_PROJECT, [old.hash, young.hash]);
    return { letters, files: files.length };
  };
  // The first is read once more after its letter.
  expect(await pass('failed=30d')).toEqual({ letters: 0, files: 1 });
  expect(await pass('failed=60d')).toEqual({ letters: 1, files: 2 });
  expect(await pass('completed=30d')).toEqual({ letters: 30, files: 2 });
});
