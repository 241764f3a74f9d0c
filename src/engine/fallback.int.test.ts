/** Models that ask to be left alone, with circuits: the next is asked at once, and nobody waits longer than they may. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { createModels } from '../adapters/models/models.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { Fault } from '../core/errors.ts';
import { hasEnded } from '../core/execution/index.ts';
import { parseModelSettings } from '../core/model-settings.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import { DEFAULT_PROJECT, type ExecutionRow, type Store } from '../ports/store.ts';
import { testEgress } from '../testing/egress.ts';
import { newId, newName } from '../testing/factories.ts';
import { type Providers, startProviders, type Told } from '../testing/providers/server.ts';
import { createEngine, type Engine } from './engine.ts';

let double: Providers;
let store: Store;
let engine: Engine;
let stop: () => Promise<void>;
/** What each model answers: the first of them as long as there are several. */
let told: Record<string, Told[]>;
const asked = () => double.received.map(({ model }) => model);

const price = { version: '1', input: 1, output: 1 };

beforeEach(async () => {
  told = {};
  double = await startProviders(({ model }) => {
    const own = told[model] ?? [{ text: `I am ${model}.` }];
    return own.length > 1 ? own.shift()! : own[0]!;
  });
  const egress = testEgress();
  const runtime = systemRuntime('silent');
  const faults: Fault[] = [];
  const providers = { own: { type: 'openai-compatible', baseUrl: `${double.url}/v1` } };
  const models = { both: { try: ['own:a', 'own:b'] }, 'own:a': { price }, 'own:b': { price } };
  const settings = parseModelSettings({ providers, models }, () => undefined, faults);
  expect(faults).toEqual([]);
  const scripted = { generate: () => Promise.reject(new Error('not in this test')) };
  store = memoryStore(runtime);
  engine = createEngine({
    store,
    runtime,
    secrets: { get: async () => undefined },
    nodeTypes: createNodeTypes({
      ...{ ...ABSENT, runtime, store },
      models: createModels({ egress, settings, scripted, runtime, readBlob: async () => undefined }),
    }),
    host: { name: newName(), pid: 1, isAlive: () => true },
    roles: ['worker', 'scheduler'],
    slots: 100,
    taskConcurrency: 10,
    commitBatch: 100,
    leaseMs: 20_000,
    dependencies: {
      inFlight: 8,
      latencyMs: undefined,
      circuit: { threshold: 3, windowMs: 60_000, resetMs: 3_600_000 },
    },
  });
  await engine.start();
  stop = async () => {
    await engine.stop(1_000);
    await egress.close();
    await store.close();
    await double.stop();
  };
});
afterEach(() => stop());

interface Ended extends ExecutionRow {
  readonly output: unknown;
}

/** One node, run to its end. */
async function run(type: string, config: object, more: object = {}): Promise<Ended> {
  const id = newId();
  const definition = { name: newName(), nodes: [{ id: 'a', type, config: { ...config }, ...more }] };
  const rest = { projectId: DEFAULT_PROJECT, status: 'active', triggers: [], now: Date.now() } as const;
  await store.workflows.create({ id, definition, ...rest });
  const start = { projectId: DEFAULT_PROJECT, workflowId: id, version: 1, triggerId: 'manual', trigger: {} };
  const { executionId } = await engine.starter.start(start);
  for (;;) {
    const changed = Promise.withResolvers<void>();
    const unwatch = engine.outcomes.watch(executionId, changed.resolve);
    const row = await store.executions.get(DEFAULT_PROJECT, executionId);
    if (row === undefined || !hasEnded(row.status)) await changed.promise;
    unwatch();
    if (row !== undefined && hasEnded(row.status)) return { ...row, output: await outputOf(executionId) };
  }
}

async function outputOf(id: string): Promise<unknown> {
  const last = (await store.executions.events(DEFAULT_PROJECT, id, 0, 1_000)).at(-1);
  return last?.type === 'execution.completed' ? last.data.output : undefined;
}

const agent = (model: unknown, limits?: object) => run('agent', { model, prompt: 'go', ...(limits && { limits }) });
const BUSY: Told = { status: 429, headers: { 'retry-after': '3600' } };

test('a model that wants an hour of rest is left to the next one at once, and is not asked again meanwhile', async () => {
  told.a = [BUSY];
  expect((await agent('both')).output).toEqual({ text: 'I am b.' });
  expect((await agent(['own:a', 'own:b'])).output).toEqual({ text: 'I am b.' });
  expect(asked()).toEqual(['a', 'b', 'b']);
});

test('a model that has failed too often is not waited for either', async () => {
  told.a = [{ status: 500 }];
  const hasty = { retry: { attempts: 3, delay: '1ms' } };
  expect((await run('agent', { model: 'both', prompt: 'go' }, hasty)).output).toEqual({ text: 'I am b.' });
  const isOpen = async () => (await store.breakers.list(DEFAULT_PROJECT)).some(({ state }) => state === 'open');
  while (!(await isOpen())) await engine.dependencies?.runOnce();
  expect((await agent('both')).output).toEqual({ text: 'I am b.' });
  expect(asked()).toEqual(['a', 'a', 'a', 'b', 'b']);
});

test('the last model is waited for, but not past the time of the agent', async () => {
  told.b = [{ status: 429, headers: { 'retry-after-ms': '20' } }, { text: 'Now I can.' }];
  expect((await agent(['own:b'], { time: '1m' })).output).toEqual({ text: 'Now I can.' });
  told.a = [BUSY];
  expect((await agent('own:a', { time: '1m' })).error).toMatchObject({
    code: 'limit_exceeded',
    message: expect.stringMatching(/limits\.time.*own:a has had too many requests/),
  });
  expect((await agent('own:a', { time: '1m' })).error).toMatchObject({ data: { last: { code: 'circuit_open' } } });
});

test('a name that stands for several models asks the next where one fails, also without an agent', async () => {
  told.a = [{ status: 502 }];
  const node = { model: 'both', messages: 'go', maxOutputTokens: 100 };
  const both = await run('model', node, { retry: { attempts: 1 } });
  expect(both.output).toMatchObject({ text: 'I am b.', model: 'own:b' });
  const [row, ...more] = await store.ledger.calls(DEFAULT_PROJECT, both.id);
  expect([row, more]).toMatchObject([{ status: 'paid', model: 'own:b' }, []]);
  // Nobody knows what the one that failed has cost: its estimate, half of the whole.
  expect(row!.cost).toBeGreaterThan(row!.estimate / 2);
  expect(row!.cost).toBeLessThanOrEqual(row!.estimate);

  told.a = [{ status: 429, headers: { 'retry-after': '3600' } }];
  const refused = await run('model', node);
  const [free] = await store.ledger.calls(DEFAULT_PROJECT, refused.id);
  expect(free).toMatchObject({ status: 'paid', model: 'own:b' });
  expect(free!.cost).toBeLessThan(free!.estimate / 2);
  expect(asked()).toEqual(['a', 'b', 'a', 'b']);
});
