/** Several engines on one store: what each owns, gives back and may not touch. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { memoryDatabase } from '../adapters/memory/database.ts';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { TaskContext, TaskNode } from '../core/node-type.ts';
import type { Workflow } from '../ports/workflows.ts';
import { definition, newId, newName, newWorkflow } from '../testing/factories.ts';
import { claimAs } from '../testing/store/drain.ts';
import { createEngine, type Engine } from './engine.ts';

const LEASE_MS = 60_000;

function world() {
  const clock = { now: 1_000_000 };
  const runtime = { ...systemRuntime('silent'), now: () => clock.now };
  const store = memoryStore(runtime, memoryDatabase());
  /** Attempts of the task, newest last; each ends when the test says so. */
  const attempts: { readonly by: number; readonly task: TaskContext; end(): void }[] = [];
  const begun: (() => void)[] = [];
  const hold = (by: number): TaskNode => ({
    type: 'hold',
    version: 1,
    description: 'A task that ends when the test says so.',
    example: {},
    config: z.strictObject({}),
    ports: () => ['out'],
    effect: () => 'idempotent',
    run: (_, task) =>
      new Promise((resolve) => {
        attempts.push({ by, task, end: () => resolve({ output: by }) });
        for (const go of begun.splice(0)) go();
      }),
  });
  const engine = (by: number, roles: readonly string[]): Engine =>
    createEngine({
      store,
      runtime,
      secrets: { get: async () => undefined },
      nodeTypes: new Map([['hold', hold(by)]]),
      host: { name: 'one machine', pid: by, isAlive: () => true },
      roles,
      slots: 100,
      taskConcurrency: 10,
      commitBatch: 100,
      leaseMs: LEASE_MS,
    });
  const workflow = () =>
    store.workflows.create(
      newWorkflow({ definition: definition(newName(), { nodes: [{ id: 'only', type: 'hold', config: {} }] }) }),
    );
  const start = async (on: Engine, { id: workflowId, projectId }: Workflow): Promise<string> => {
    const begins = new Promise<void>((resolve) => begun.push(resolve));
    const key = { projectId, workflowId, version: 1, triggerId: 'api', trigger: {} };
    const { executionId } = await on.starter.start(key);
    if (on.worker !== undefined) await begins;
    return executionId;
  };
  const outcome = (on: Engine, id: string) => on.outcomes.wait(id, new AbortController().signal);
  return { clock, store, engine, workflow, start, attempts, begun, outcome };
}

test('a process that stops gives back what did not end in time, and is no worker any more', async () => {
  const { store, engine, workflow, start, attempts } = world();
  const one = engine(1, ['worker']);
  await one.start();
  const id = await start(one, await workflow());
  expect(await store.workers.onHost('one machine')).toHaveLength(1);
  await one.stop(0);
  expect(attempts[0]?.task.signal.aborted).toBe(true);
  expect(await store.workers.onHost('one machine')).toEqual([]);
  expect((await claimAs(store, newId(), 10)).map((one) => one.id)).toEqual([id]);
});

test('a process that is no worker owns nothing; a worker that hears of it runs it', async () => {
  const { store, engine, workflow, start, attempts, outcome } = world();
  const front = engine(1, ['api', 'webhook', 'scheduler']);
  await front.start();
  const id = await start(front, await workflow());
  expect(front.worker).toBeUndefined();
  expect(await store.workers.onHost('one machine')).toEqual([]);
  const back = engine(2, ['worker']);
  const answer = outcome(back, id);
  await back.start();
  while (attempts.length === 0) await new Promise(setImmediate);
  attempts[0]?.end();
  expect(await answer).toEqual({ outcome: { status: 'completed', output: 2 } });
  await Promise.all([front.stop(0), back.stop(0)]);
});

test('a worker whose lease has run out starts no task before it was heard again', async () => {
  const { clock, engine, workflow, start, attempts } = world();
  const one = engine(1, ['worker']);
  await one.start();
  clock.now += LEASE_MS;
  await start(one, await workflow());
  expect(attempts.map(({ by }) => by)).toEqual([1]);
  await one.stop(0);
});

test('a worker that was given up for dead starts no task when it wakes; the one that took over does', async () => {
  const { clock, store, engine, workflow, attempts, begun, outcome } = world();
  const [one, two] = [engine(1, ['worker']), engine(2, ['worker'])];
  await one.start();
  const paused = one.worker?.id;
  clock.now += LEASE_MS;
  await store.workers.buryDead(LEASE_MS);
  await two.start();
  const saved = await workflow();
  // It does not know yet: the execution is its own until the next burial.
  const { executionId } = await one.starter.start({
    projectId: saved.projectId,
    workflowId: saved.id,
    version: 1,
    triggerId: 'api',
    trigger: {},
  });
  while (one.worker?.id === paused) await new Promise(setImmediate);
  expect(attempts).toEqual([]);
  const answer = outcome(two, executionId);
  const begins = new Promise<void>((resolve) => begun.push(resolve));
  await one.worker?.stop();
  await store.workers.buryDead(LEASE_MS);
  two.wake();
  await begins;
  expect(attempts.map(({ by, task }) => [by, task.attempt])).toEqual([[2, 2]]);
  attempts[0]?.end();
  expect(await answer).toEqual({ outcome: { status: 'completed', output: 2 } });
  await Promise.all([one.stop(0), two.stop(0)]);
});
