import { expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { SessionStore } from '../ports/sessions.ts';
import { creation, NOW, newId } from '../testing/factories.ts';
import { projectAll, said, sessionAppend } from '../testing/session-events.ts';
import { createSessionEnds } from './session-ends.ts';

const HOUR = 3_600_000;

function scene(idleMs: number | null, now: number) {
  const runtime = { ...systemRuntime('silent'), now: () => now };
  const store = memoryStore(runtime);
  const projectId = newId();
  const round = (sessions: SessionStore = store.sessions) => createSessionEnds({ sessions, runtime, idleMs }).runOnce();
  return { store, projectId, round };
}

test('an idle session ends by itself: reason timeout, and it is active no more', async () => {
  const { store, projectId, round } = scene(HOUR, NOW + HOUR + 1);
  const [idle, busy] = [sessionAppend({ events: [said('hello')] }), sessionAppend({ events: [said('hi', NOW + 1)] })];
  for (const one of [idle, busy]) await store.sessions.append(projectId, one, 0);
  await projectAll(store);
  expect(await store.sessions.active()).toEqual([{ agent: 'helper', sessions: 2 }]);
  await round();
  await projectAll(store);
  expect(await store.sessions.get(projectId, idle.newId)).toMatchObject({ status: 'ended', endReason: 'timeout' });
  expect((await store.sessions.events(projectId, idle.newId, 2, 10))[0]).toMatchObject({
    type: 'agent.session.ended',
    data: { reason: 'timeout', durationSeconds: 3_600, messageCount: 1 },
  });
  expect(await store.sessions.get(projectId, busy.newId)).toMatchObject({ status: 'active' });
  expect(await store.sessions.active()).toEqual([{ agent: 'helper', sessions: 1 }]);
});

test('not where the server says forever', async () => {
  const { store, projectId, round } = scene(null, NOW + 1e12);
  const append = sessionAppend();
  await store.sessions.append(projectId, append, 0);
  await projectAll(store);
  await round();
  expect(await store.sessions.get(projectId, append.newId)).toMatchObject({ status: 'active' });
});

test('whoever goes on with it at that moment keeps it; another that cannot be read does not keep the rest', async () => {
  const { store, projectId, round } = scene(HOUR, NOW + HOUR + 1);
  const [busy, broken, idle] = [sessionAppend(), sessionAppend(), sessionAppend()];
  for (const one of [busy, broken, idle]) await store.sessions.append(projectId, one, 0);
  await projectAll(store);
  await round({
    ...store.sessions,
    get: async (project, id) => {
      const session = await store.sessions.get(project, id);
      const more = sessionAppend({ key: busy.start.data.key, events: [said('wait', NOW + HOUR)] });
      if (id === busy.newId) await store.executions.commit([creation({ projectId, sessions: [more] })]);
      if (id === broken.newId) throw new Error('a newer Myelin wrote it');
      return session;
    },
  });
  const statuses = await Promise.all([busy, broken, idle].map((one) => store.sessions.get(projectId, one.newId)));
  expect(statuses.map((one) => one?.status)).toEqual(['active', 'active', 'ended']);
});

test('nor is one ended that somebody went on with after it was found', async () => {
  const { store, projectId, round } = scene(HOUR, NOW + HOUR + 1);
  const busy = sessionAppend();
  await store.sessions.append(projectId, busy, 0);
  await projectAll(store);
  await round({
    ...store.sessions,
    idle: async (...query) => {
      const found = await store.sessions.idle(...query);
      const more = sessionAppend({ key: busy.start.data.key, events: [said('wait', NOW + HOUR)] });
      await store.executions.commit([creation({ projectId, sessions: [more] })]);
      return found;
    },
  });
  expect(await store.sessions.get(projectId, busy.newId)).toMatchObject({ status: 'active' });
});
