/** What bounds an attempt besides its own time limit: its deadline, its dependency, the slots of the worker. */
import { expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { MyelinError } from '../core/errors.ts';
import type { TaskNode } from '../core/node-type.ts';
import type { Runtime } from '../ports/runtime.ts';
import { Drive } from '../testing/drive.ts';
import { Dependencies } from './dependencies.ts';
import { Tasks } from './tasks.ts';

const never = new AbortController().signal;
const CIRCUIT = { threshold: 3, windowMs: 60_000, resetMs: 60_000 };

/** Time stands still, and each sleep ends with its signal, or when `tick` is called. */
function stage({ slots = 8, inFlight = 8, secret = '' } = {}) {
  const alarms = new Map<() => void, number>();
  const clock = { now: 1_000_000 };
  const runtime: Runtime = {
    ...systemRuntime('silent'),
    now: () => clock.now,
    sleep: (ms, signal) =>
      new Promise<void>((resolve) => {
        const end = () => {
          alarms.delete(end);
          resolve();
        };
        alarms.set(end, ms);
        signal?.addEventListener('abort', end, { once: true });
      }),
  };
  const store = memoryStore(runtime).breakers;
  const dependencies = new Dependencies({ store, runtime, inFlight, latencyMs: undefined, circuit: CIRCUIT });
  const tasks = new Tasks({ runtime, secrets: { get: async () => secret }, concurrency: slots, dependencies });
  const tick = () => {
    for (const alarm of alarms.keys()) alarm();
  };
  return { tasks, dependencies, clock, alarms, tick };
}

interface Acting {
  readonly run: TaskNode['run'];
  readonly dependency?: string;
  readonly config?: Record<string, unknown>;
  readonly deadline?: string;
}

/** A run with one task, which is as told. */
function attemptOf({ run, dependency, config = {}, deadline }: Acting, signal = never) {
  const limits = deadline === undefined ? {} : { deadline };
  const { state } = new Drive({ nodes: [{ id: 'a', type: 'act', config, timeout: '1m', ...limits }] });
  const node = state.root.graph.nodes[0]!;
  const named = (resolved: { input?: unknown }) => dependency ?? (resolved.input as string | undefined);
  Object.assign(node, { type: { ...node.type, run, dependency: named } });
  return { state, path: 'a', attempt: 1, reconcile: false, signal };
}

const ok: TaskNode['run'] = async () => ({ output: 'ok' });
const hang: TaskNode['run'] = () => new Promise(() => undefined);

test('who waits for a slow host takes no slot', async () => {
  const { tasks } = stage({ slots: 2, inFlight: 1 });
  const gate = Promise.withResolvers<{ output: string }>();
  const slow = [1, 2, 3].map(() => tasks.run(attemptOf({ run: () => gate.promise, dependency: 'slow:443' })));
  expect(await tasks.run(attemptOf({ run: ok, dependency: 'quick:443' }))).toMatchObject({ type: 'task-completed' });
  expect(await tasks.run(attemptOf({ run: ok }))).toMatchObject({ type: 'task-completed' });
  expect(tasks.running).toBe(1);
  gate.resolve({ output: 'late' });
  expect(await Promise.all(slow)).toMatchObject([1, 2, 3].map(() => ({ result: { output: 'late' } })));
  expect(tasks.running).toBe(0);
});

test('a task that ignores its abort keeps neither slot nor place, and leaves no alarm', async () => {
  const { tasks, dependencies, alarms, tick } = stage({ slots: 1, inFlight: 1 });
  const begun = Promise.withResolvers<void>();
  const run: TaskNode['run'] = (...args) => {
    begun.resolve();
    return hang(...args);
  };
  const command = tasks.run(attemptOf({ run, dependency: 'deaf:443' }));
  await begun.promise;
  tick();
  expect(await command).toMatchObject({ error: { code: 'timeout' } });
  expect([tasks.running, alarms.size]).toEqual([0, 0]);
  expect([...dependencies.all()].map((one) => one.gate.inside)).toEqual([0]);
  expect(await tasks.run(attemptOf({ run: ok, dependency: 'deaf:443' }))).toMatchObject({ type: 'task-completed' });
});

test('what is called off while it waits for its host never begins', async () => {
  const { tasks } = stage({ inFlight: 1 });
  const gate = Promise.withResolvers<{ output: string }>();
  const first = tasks.run(attemptOf({ run: () => gate.promise, dependency: 'slow:443' }));
  const abort = new AbortController();
  const second = tasks.run(attemptOf({ run: hang, dependency: 'slow:443' }, abort.signal));
  abort.abort(new MyelinError('interrupted', 'The execution was canceled.'));
  expect(await second).toMatchObject({ error: { code: 'interrupted', message: 'a: The execution was canceled.' } });
  gate.resolve({ output: 'ok' });
  await first;
});

test('an attempt gets what its deadline leaves, and none when that has come', async () => {
  const { tasks, clock, alarms, tick } = stage();
  const asked: number[] = [];
  const begun = Promise.withResolvers<void>();
  const run: TaskNode['run'] = (...args) => {
    asked.push(...alarms.values());
    begun.resolve();
    return hang(...args);
  };
  const attempt = attemptOf({ run, deadline: '10s' });
  const { roundAt } = attempt.state.root.nodes[0]!;
  clock.now = roundAt + 4_000;
  const command = tasks.run(attempt);
  await begun.promise;
  expect(asked).toEqual([6_000]);
  tick();
  expect(await command).toMatchObject({ error: { code: 'timeout' } });
  clock.now = roundAt + 10_000;
  expect(await tasks.run(attempt)).toMatchObject({
    error: { code: 'timeout', message: 'a: Its deadline came before the attempt began.' },
  });
});

test('an open circuit fails the attempt at once', async () => {
  const { tasks, dependencies } = stage();
  const run: TaskNode['run'] = () => Promise.reject(new MyelinError('connection_failed'));
  const fail = () => tasks.run(attemptOf({ run, dependency: 'ill:443' }));
  await Promise.all([fail(), fail(), fail()]);
  await dependencies.runOnce();
  expect(await fail()).toMatchObject({
    type: 'task-failed',
    error: { code: 'circuit_open', kind: 'transient', data: { name: 'ill:443', retryAfterMs: 60_000 } },
  });
});

test('a secret in the name of a host stays one, and a name nobody can print is none', async () => {
  const { tasks, dependencies } = stage({ secret: 'tenant-42' });
  await tasks.run(attemptOf({ run: ok, config: { input: '{{ $secrets.TENANT }}.example.com:443' } }));
  await tasks.run(attemptOf({ run: ok, dependency: 'odd\u0000name' }));
  expect([...dependencies.all()].map((one) => one.name)).toEqual(['[secret TENANT].example.com:443']);
});
