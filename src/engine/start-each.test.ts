/** Starts of a batch: what is refused hinders no other, and what waits for a limit keeps its order. */
import { expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { hasEnded } from '../core/execution/index.ts';
import { compileTemplate } from '../core/expression/index.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { definition, newName, newWorkflow } from '../testing/factories.ts';
import { createEngine } from './engine.ts';
import type { Start } from './starter.ts';

async function world(roles: readonly string[]) {
  const runtime = systemRuntime('silent');
  const store = memoryStore(runtime);
  const engine = createEngine({
    ...{ store, runtime, secrets: { get: async () => undefined }, nodeTypes: createNodeTypes(ABSENT) },
    ...{ host: { name: 'test', pid: 1, isAlive: () => true }, roles },
    ...{ slots: 2, taskConcurrency: 1, commitBatch: 100, leaseMs: 20_000 },
  });
  const nodes = [{ id: 'only', type: 'transform', config: { value: '{{ $trigger.n }}' } }];
  const document = { ...definition(newName()), nodes, edges: [] };
  const { id } = await store.workflows.create(newWorkflow({ definition: document, status: 'active' }));
  const start = (n: number, over: Partial<Start> = {}): Start => ({
    ...{ projectId: DEFAULT_PROJECT, workflowId: id, version: 1, triggerId: 'in', trigger: { n } },
    ...over,
  });
  const rows = async () =>
    (await store.executions.list({ projectId: DEFAULT_PROJECT, workflowId: id, limit: 100 })).reverse();
  return { store, engine, start, rows };
}

test('one that is refused is named in its place, and the others start', async () => {
  const { engine, start, rows } = await world(['api']);
  const results = await engine.starter.startEach([start(1), start(2, { version: 9 }), start(3)]);
  expect(results).toMatchObject([{ created: true }, { code: 'workflow_not_found' }, { created: true }]);
  expect((await rows()).map(({ id }) => id)).toEqual(
    [results[0], results[2]].map((one) => (one as { executionId: string }).executionId),
  );
});

test('the same key starts once, in one batch and over several', async () => {
  const { engine, start, rows } = await world(['api']);
  const key = { key: 'k', expiresAt: Date.now() + 60_000 };
  const [first, second] = await engine.starter.startEach([start(1, { key }), start(2, { key })]);
  expect([first, second]).toMatchObject([{ created: true }, { created: false }]);
  expect(await engine.starter.startEach([start(3, { key })])).toMatchObject([{ created: false }]);
  expect(await rows()).toHaveLength(1);
});

test('a worker begins as many as it has room for at once; the others wait for it', async () => {
  const { engine, start, rows } = await world(['worker']);
  await engine.start();
  await engine.starter.startEach([1, 2, 3, 4, 5].map((n) => start(n)));
  expect((await rows()).filter(({ status }) => status === 'completed').length).toBeGreaterThanOrEqual(2);
  while (!(await rows()).every(({ status }) => hasEnded(status))) await new Promise(setImmediate);
  await engine.stop(0);
});

test('those of one key go one after the other, in the order given', async () => {
  const { store, engine, start, rows } = await world(['worker', 'scheduler']);
  const session = compileTemplate('{{ $trigger.n % 2 }}');
  const starts = Array.from({ length: 10 }, (_, n) => start(n, { session }));
  await engine.starter.startEach(starts);
  expect(await store.flow.waiting()).toBe(10);
  await engine.start();
  while (!(await rows()).every(({ status }) => hasEnded(status))) await new Promise(setImmediate);
  const ended = (await rows()).map(({ finishedAt }) => finishedAt as number);
  for (const n of [2, 3, 4, 5, 6, 7, 8, 9]) expect(ended[n]).toBeGreaterThanOrEqual(ended[n - 2] as number);
  await engine.stop(0);
});
