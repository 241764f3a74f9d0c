/** An engine with a broker in memory: what messages start, what becomes of those that cannot, and what is told. */
import { afterEach, expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { MyelinError } from '../core/errors.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import type { Connections } from '../ports/connections.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import { definition, newId, newName, newWorkflow } from '../testing/factories.ts';
import { type MemoryBroker, memoryBroker } from '../testing/memory-broker.ts';
import { Committer } from './committer.ts';
import { Intake } from './intake.ts';
import { Plans } from './plans.ts';
import { Requeue } from './requeue.ts';
import { Starter } from './starter.ts';
import { Stats } from './stats.ts';
import { Subscriptions } from './subscriptions.ts';
import { SILENT_MS, TriggerStates } from './trigger-states.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface Options {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly broker?: MemoryBroker;
  /** Of the connection; changed by the test. */
  readonly connection?: { updatedAt: number; missing?: true };
}

async function world({ config = {}, broker = memoryBroker(), connection = { updatedAt: 1 } }: Options = {}) {
  const quiet = systemRuntime('silent');
  // Pauses after an error take no time; the loops are the test's.
  const runtime = { ...quiet, sleep: (ms: number, signal?: AbortSignal) => quiet.sleep(Math.min(ms, 1), signal) };
  const store: Store = memoryStore(runtime);
  const plans = new Plans(store.workflows, createNodeTypes(ABSENT), async () => new Map() as never);
  const committer = new Committer({ store: store.executions, runtime, batch: 100 });
  const stats = new Stats();
  const starter = new Starter({ runtime, committer, plans, worker: undefined, patienceMs: 1_000 });
  const states = new TriggerStates({ store: store.triggerStates, runtime });
  const connections: Connections = {
    open: async (_, name) => {
      if (connection.missing) throw new MyelinError('connection_missing', `There is no connection ${name}.`);
      return { id: newId(), updatedAt: connection.updatedAt, config: {}, secrets: {} };
    },
  };
  const open = connections.open;
  const id = newId();
  const subscriptions = new Subscriptions({
    brokers: new Map([[broker.type, broker]]),
    workflows: store.workflows,
    executions: store.executions,
    connections: { open: async (...about) => ({ ...(await open(...about)), id }) },
    places: store.brokerPlaces,
    intake: new Intake({ starter, messages: store.messages, files: store.files, runtime, stats }),
    ...{ states, runtime },
  });
  stops.push(
    () => committer.stop(),
    () => subscriptions.stop(),
  );
  const name = newName();
  const trigger = {
    id: newId(),
    name: 'orders',
    type: broker.type,
    config: { connection: 'c', topic: 't', ...config },
  };
  const workflow = await store.workflows.create(
    newWorkflow({ definition: definition(name), status: 'active', triggers: [trigger] }),
  );
  const executions = async () =>
    (await store.executions.list({ projectId: DEFAULT_PROJECT, workflowId: workflow.id, limit: 1_000 })).reverse();
  const started = async () => {
    const histories = await store.executions.histories((await executions()).map(({ id }) => id));
    return [...histories.values()].map(
      ([created]) => (created as { data: { trigger: { data: unknown } } }).data.trigger,
    );
  };
  const letters = () => store.deadLetters.list({ projectId: DEFAULT_PROJECT, limit: 100 });
  const state = async () => {
    await states.runOnce();
    return (await store.triggerStates.list(DEFAULT_PROJECT, SILENT_MS))[0];
  };
  const requeue = new Requeue({ store, runtime, plans, requeued: () => undefined });
  return { broker, store, subscriptions, workflow, trigger, executions, started, letters, state, requeue, connection };
}

/** Resolves as soon as it holds; it looks whenever something could have happened. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

test('messages start executions in their order, and are acknowledged', async () => {
  const { broker, subscriptions, started, executions, state } = await world();
  broker.send('{"n":1}', '{"n":2}');
  await subscriptions.runOnce();
  broker.send('{"n":3}');
  await until(() => broker.acknowledged === 3);
  expect((await started()).map(({ data }) => data)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  expect((await executions())[0]).toMatchObject({ triggerId: 'orders', status: 'pending' });
  expect(await state()).toMatchObject({ status: 'running', error: null, messages: 3, lag: 0 });
});

test('what comes again starts nothing again', async () => {
  const { broker, subscriptions, executions } = await world();
  broker.send('1', '2');
  await subscriptions.runOnce();
  await until(() => broker.acknowledged === 2);
  const [consumer] = broker.consumers;
  const again = { id: 'log/1', value: new TextEncoder().encode('2'), place: {} };
  await consumer!.take([again, { ...again, id: 'log/2' }, { ...again, id: 'log/2' }]);
  expect(await executions()).toHaveLength(3);
});

test('a message that cannot be read is a dead letter, once, and hinders no other', async () => {
  const { broker, subscriptions, executions, letters, workflow } = await world();
  broker.send('1', '{', '{"constructor":1}', '2');
  await subscriptions.runOnce();
  await until(() => broker.acknowledged === 4);
  await broker.consumers[0]!.take([{ id: 'log/1', value: new TextEncoder().encode('{'), place: {} }]);
  expect(await executions()).toHaveLength(2);
  const found = await letters();
  expect(found.map(({ error }) => error.code).sort()).toEqual(['invalid_json', 'unsafe_key']);
  expect(found[0]).toMatchObject({ source: 'message', workflowId: workflow.id, triggerId: 'orders', status: 'NEW' });
});

test('such a letter starts the workflow when it is requeued, as it came or with a payload', async () => {
  const { broker, subscriptions, letters, requeue, started } = await world();
  broker.send('{', '[');
  await subscriptions.runOnce();
  await until(() => broker.acknowledged === 2);
  const [second, first] = (await letters()).sort((a, b) => (a.error.message < b.error.message ? -1 : 1));
  await requeue.one(DEFAULT_PROJECT, first!.id, { n: 1 });
  await requeue.one(DEFAULT_PROJECT, second!.id);
  const all = (await started()).sort((a, b) => Number(typeof a.data === 'string') - Number(typeof b.data === 'string'));
  expect(all).toMatchObject([
    { data: { n: 1 }, topic: 'log' },
    { data: expect.any(String), encoding: 'text' },
  ]);
});

test('one value of its key goes one at a time', async () => {
  const { broker, subscriptions, store, executions } = await world({ config: { key: '{{ $trigger.data.user }}' } });
  broker.send('{"user":"a","n":1}', '{"user":"a","n":2}', '{"user":"b"}', '{"n":4}');
  await subscriptions.runOnce();
  await until(() => broker.acknowledged === 4);
  expect(await executions()).toHaveLength(4);
  // Held until they are admitted, but the one that has no key.
  expect(await store.executions.queued(10)).toBe(1);
  expect(await store.flow.waiting()).toBe(3);
});

test('a broker that is down is told, and heard as soon as it is back', async () => {
  const broker = memoryBroker();
  broker.breakWith(new MyelinError('connection_failed', 'k1:9092 takes no connections.'));
  const { subscriptions, state, executions } = await world({ broker });
  await subscriptions.runOnce();
  await until(async () => (await state())?.status === 'error');
  expect(await state()).toMatchObject({
    error: { code: 'connection_failed', message: 'k1:9092 takes no connections.' },
  });
  broker.breakWith(undefined);
  broker.send('1');
  await until(() => broker.acknowledged === 1);
  expect(await executions()).toHaveLength(1);
  expect(await state()).toMatchObject({ status: 'running', error: null });
});

test('a connection that is missing is told, and taken when it comes', async () => {
  const connection: { updatedAt: number; missing?: true } = { updatedAt: 1, missing: true };
  const { broker, subscriptions, state } = await world({ connection });
  await subscriptions.runOnce();
  await until(async () => (await state())?.error?.code === 'connection_missing');
  delete connection.missing;
  await until(() => broker.consumers.length === 1);
});

test('it begins anew by a connection that changed, and only then', async () => {
  const { broker, subscriptions, connection } = await world();
  await subscriptions.runOnce();
  await until(() => broker.consumers.length === 1);
  const [first] = broker.consumers;
  await subscriptions.runOnce();
  expect(broker.consumers).toEqual([first]);
  connection.updatedAt = 2;
  await subscriptions.runOnce();
  await until(() => broker.consumers.length === 1);
  expect(broker.consumers[0]?.connection.updatedAt).toBe(2);
});

test('a workflow that is paused does not listen, and nothing is told of it', async () => {
  const { broker, subscriptions, store, workflow, state } = await world();
  await subscriptions.runOnce();
  await until(() => broker.consumers.length === 1);
  await store.workflows.setStatus(DEFAULT_PROJECT, workflow.id, 'paused', 1);
  await subscriptions.runOnce();
  expect(broker.consumers).toEqual([]);
  expect(await state()).toBeUndefined();
});

test('a new version of its workflow is started without a break', async () => {
  const { broker, subscriptions, store, workflow, trigger, executions } = await world();
  await subscriptions.runOnce();
  await until(() => broker.consumers.length === 1);
  const [first] = broker.consumers;
  const { id, projectId } = workflow;
  await store.workflows.update({ id, projectId, definition: workflow.definition, triggers: [trigger], now: 1 });
  await subscriptions.runOnce();
  broker.send('1');
  await until(() => broker.acknowledged === 1);
  expect(broker.consumers).toEqual([first]);
  expect(await executions()).toMatchObject([{ version: 2 }]);
});

test('what cannot be taken and may come again leaves no letter', async () => {
  const { broker, subscriptions, executions, letters } = await world();
  await subscriptions.runOnce();
  await until(() => broker.consumers.length === 1);
  const again: string[] = [];
  const message = (id: string, text: string) => ({
    ...{ id, value: new TextEncoder().encode(text), place: {} },
    again: async () => void again.push(id),
  });
  await broker.consumers[0]!.take([message('a', '{'), message('b', '1'), { ...message('c', '{'), again: undefined }]);
  expect(again).toEqual(['a']);
  expect(await executions()).toHaveLength(1);
  expect(await letters()).toHaveLength(1);
});

test('what may come again is put off once, after the rest of its batch is durable', async () => {
  const { broker, subscriptions, store, letters } = await world();
  await subscriptions.runOnce();
  await until(() => broker.consumers.length === 1);
  const { setAside } = store.messages;
  let tries = 0;
  store.messages.setAside = async (all) => {
    tries += 1;
    if (tries < 3) throw new MyelinError('store_unavailable');
    return await setAside(all);
  };
  const again: number[] = [];
  const message = (id: string) => ({ id, value: new TextEncoder().encode('{'), place: {} });
  const later = { ...message('a'), again: async () => void again.push((await letters()).length) };
  await broker.consumers[0]!.take([later, message('b')]);
  expect([tries, again]).toEqual([3, [1]]);
});
