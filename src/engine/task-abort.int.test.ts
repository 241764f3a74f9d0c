/** Time limits and cancels reach what a task calls: a real connection, a real thread, a model. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createEgress } from '../adapters/egress/egress.ts';
import { memoryStore } from '../adapters/memory/store.ts';
import { createModels } from '../adapters/models/models.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { createSandbox } from '../adapters/sandbox/sandbox.ts';
import type { NodeDefinition } from '../core/definition/schema.ts';
import { MyelinError } from '../core/errors.ts';
import { decide, newState } from '../core/execution/index.ts';
import { compilePlan } from '../core/plan/compile.ts';
import { createNodeTypes, type NodeNeeds } from '../nodes/registry.ts';
import { silentTokens } from '../testing/speech.ts';
import { Dependencies } from './dependencies.ts';
import { Tasks } from './tasks.ts';

const runtime = systemRuntime('silent');
const absent = () => Promise.reject(new Error('not in this test'));

/** Runs the one node of a workflow as a worker does. */
function taskOf(node: NodeDefinition, needs: Partial<NodeNeeds>, signal = new AbortController().signal) {
  const rest = { egress: { request: absent }, sandbox: { run: absent, stop: async () => undefined } };
  const types = createNodeTypes({ ...rest, models: { generate: absent }, tokens: silentTokens, ...needs });
  const plan = compilePlan({ name: 'test', nodes: [node] }, { workflowId: 'w', version: 1 }, types);
  const state = newState('e', 'p', plan);
  const env = { now: runtime.now(), id: () => runtime.id(), random: () => 0 };
  decide(state, { type: 'create', triggerId: 'manual', trigger: {} }, env);
  decide(state, { type: 'advance' }, env);
  const circuit = { threshold: 10, windowMs: 1_000, resetMs: 1_000 };
  const store = memoryStore(runtime).breakers;
  const dependencies = new Dependencies({ store, runtime, inFlight: 4, latencyMs: undefined, circuit });
  const tasks = new Tasks({ runtime, secrets: { get: async () => undefined }, concurrency: 1, dependencies });
  const command = tasks.run({ state, path: node.id, attempt: 1, reconcile: false, signal });
  const left = () => [tasks.running, ...[...dependencies.all()].map((one) => one.gate.inside)];
  return { command, left };
}

test('a request that hangs is cut at its time limit: the target sees the connection end', async () => {
  const target = createServer();
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const egress = createEgress({ allow: [], loopback: true });
  try {
    const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
    const asked = once(target, 'request');
    const { command, left } = taskOf({ id: 'a', type: 'http', config: { url }, timeout: '1s' }, { egress });
    const [request] = await asked;
    const closed = once(request.socket, 'close');
    expect(await command).toMatchObject({ error: { code: 'timeout', kind: 'transient' } });
    await closed;
    expect(left()).toEqual([0, 0]);
  } finally {
    await egress.close();
    target.close();
  }
});

test('code that never ends is ended with its thread, and the next one runs', async () => {
  const sandbox = createSandbox({ maxThreads: 1 });
  try {
    const code = (source: string, timeout: string) =>
      taskOf({ id: 'a', type: 'code', config: { source, timeout: '5m' }, timeout }, { sandbox });
    const endless = code('for (;;);', '300ms');
    expect(await endless.command).toMatchObject({ error: { code: 'timeout' } });
    expect(endless.left()).toEqual([0]);
    expect(await code('return 1;', '30s').command).toMatchObject({ result: { output: 1 } });
  } finally {
    await sandbox.stop();
  }
});

test('a model hears of a cancel', async () => {
  const asked = Promise.withResolvers<AbortSignal>();
  const models = createModels({
    slow: {
      generate: ({ signal }) => {
        asked.resolve(signal);
        return new Promise(() => undefined);
      },
    },
  });
  const abort = new AbortController();
  const config = { model: 'slow:one', prompt: 'Think.' };
  const { command, left } = taskOf({ id: 'a', type: 'agent', config }, { models }, abort.signal);
  const signal = await asked.promise;
  abort.abort(new MyelinError('interrupted', 'The execution was canceled.'));
  expect(await command).toMatchObject({ error: { code: 'interrupted' } });
  expect(signal.aborted).toBe(true);
  expect(left()).toEqual([0, 0]);
});
