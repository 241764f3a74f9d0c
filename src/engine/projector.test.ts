import { expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { newId } from '../testing/factories.ts';
import { said, sessionAppend } from '../testing/session-events.ts';
import { Projector } from './projector.ts';

test('news of a session is projected at once, whatever the pause', async () => {
  const runtime = systemRuntime('silent');
  const store = memoryStore(runtime);
  const projectId = newId();
  const rested = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const sessions: typeof store.sessions = {
    ...store.sessions,
    project: async (limit, folds) => {
      const projected = await store.sessions.project(limit, folds);
      if (projected.length > 0) done.resolve();
      return projected;
    },
  };
  const asleep = { ...runtime, sleep: (_: number, signal?: AbortSignal) => sleepUntil(signal, rested.resolve) };
  const projector = new Projector({ sessions, runtime: asleep });
  await store.listen((news) => news === 'sessions' && projector.wake());
  projector.start();
  await rested.promise;
  const append = sessionAppend({ events: [said('hello')] });
  await store.sessions.append(projectId, append, 0);
  await done.promise;
  await projector.stop();
  expect(await store.sessions.list({ projectId, limit: 1 })).toMatchObject([{ id: append.newId, messageCount: 1 }]);
});

/** Only somebody who wakes it ends the pause. */
function sleepUntil(signal: AbortSignal | undefined, begun: () => void): Promise<void> {
  begun();
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve());
  });
}

test('a round takes what is left until there is nothing', async () => {
  const runtime = systemRuntime('silent');
  const store = memoryStore(runtime);
  const projectId = newId();
  for (let left = 0; left < 3; left += 1) await store.sessions.append(projectId, sessionAppend(), 0);
  const projector = new Projector({ sessions: store.sessions, runtime });
  await projector.runOnce();
  expect(await store.sessions.list({ projectId, limit: 9 })).toHaveLength(3);
});
