import { expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import type { TaskNode } from '../core/node-type.ts';
import type { Runtime } from '../ports/runtime.ts';
import { Drive } from '../testing/drive.ts';
import { Tasks } from './tasks.ts';

/** Sleeps only as long as the test says: each sleep ends with its signal, or when `tick` is called. */
function stage(concurrency = 8, secret?: string) {
  const alarms = new Set<() => void>();
  const runtime = {
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        alarms.add(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
  } as unknown as Runtime;
  const tasks = new Tasks({ runtime, secrets: { get: async () => secret }, concurrency });
  const tick = () => {
    for (const alarm of alarms) alarm();
  };
  return { tasks, tick };
}

/** A run with one task, whose `run` is the one given. */
function attemptOf(run: TaskNode['run'], config: Record<string, unknown> = {}) {
  const { state } = new Drive({ nodes: [{ id: 'a', type: 'act', config, timeout: '1s' }] }, { n: 1 });
  const node = state.root.graph.nodes[0]!;
  Object.assign(node, { type: { ...node.type, run } });
  return { state, path: 'a', attempt: 1, reconcile: false };
}

const never = new AbortController().signal;

test('a result becomes a command', async () => {
  const { tasks } = stage();
  const command = await tasks.run({
    ...attemptOf(async (_, task) => ({ output: task.idempotencyKey })),
    signal: never,
  });
  expect(command).toEqual({ type: 'task-completed', path: 'a', attempt: 1, result: { output: 'e/a' } });
});

test('what is thrown becomes an error with its place', async () => {
  const { tasks } = stage();
  const attempt = attemptOf(() => Promise.reject(new Error('broken')));
  expect(await tasks.run({ ...attempt, signal: never })).toMatchObject({
    type: 'task-failed',
    error: { code: 'node_failed', message: 'a: broken' },
  });
});

test('a task that does not end is over with its time limit, and hears of it', async () => {
  const { tasks, tick } = stage();
  let heard: unknown;
  const begun = Promise.withResolvers<void>();
  const attempt = attemptOf((_, { signal }) => {
    signal.addEventListener('abort', () => (heard = signal.reason));
    begun.resolve();
    return new Promise(() => undefined);
  });
  const command = tasks.run({ ...attempt, signal: never });
  await begun.promise;
  tick();
  expect(await command).toMatchObject({ error: { code: 'timeout', kind: 'transient' } });
  expect(heard).toBeInstanceOf(MyelinError);
});

test('what was called off before its turn never begins', async () => {
  const { tasks } = stage(1);
  const gate = Promise.withResolvers<{ output: null }>();
  const first = tasks.run({ ...attemptOf(() => gate.promise), signal: never });
  let began = false;
  const abort = new AbortController();
  const second = tasks.run({
    ...attemptOf(async () => {
      began = true;
      return { output: null };
    }),
    signal: abort.signal,
  });
  abort.abort(new MyelinError('interrupted'));
  gate.resolve({ output: null });
  expect(await first).toMatchObject({ type: 'task-completed' });
  expect(await second).toMatchObject({ type: 'task-failed', error: { code: 'interrupted' } });
  expect(began).toBe(false);
});

test('a secret that comes back is replaced by its name; a missing one fails the node', async () => {
  const config = { input: '{{ $secrets.KEY }}' };
  const echo: TaskNode<{ input?: unknown }>['run'] = async ({ input }) => ({ output: { said: `got ${input}` } });
  const attempt = attemptOf(echo as TaskNode['run'], config);
  expect(await stage(1, 'top-secret').tasks.run({ ...attempt, signal: never })).toMatchObject({
    result: { output: { said: 'got [secret KEY]' } },
  });
  expect(await stage(1).tasks.run({ ...attempt, signal: never })).toMatchObject({ error: { code: 'secret_missing' } });
});

test('secrets of a connection stay out of what comes back, also as they are sent', async () => {
  const password = 'correct horse';
  const config = { user: 'ada', password };
  const connections = { open: async () => ({ id: 'c1', updatedAt: 1, config, secrets: { password } }) };
  const runtime = { sleep: (_: number, signal?: AbortSignal) => once(signal) } as unknown as Runtime;
  const tasks = new Tasks({ runtime, secrets: { get: async () => undefined }, connections, concurrency: 1 });
  const attempt = attemptOf(async (_, task) => {
    await task.connection('shop', 'http');
    const basic = Buffer.from(`ada:${password}`).toString('base64');
    return { output: { heard: `Basic ${basic}`, noted: task.redact(`it is ${password}`) } };
  });
  expect(await tasks.run({ ...attempt, signal: never })).toMatchObject({
    result: { output: { heard: 'Basic [secret shop.password (basic)]', noted: 'it is [secret shop.password]' } },
  });
});

const once = (signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
