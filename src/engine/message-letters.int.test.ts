/** Messages that cannot be delivered, over real PostgreSQL: letter and removal are one, and so are requeue and message. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import type { CloudEvent } from '../core/cloud-event.ts';
import { MyelinError } from '../core/errors.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import type { LetterRow } from '../ports/dead-letters.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import { newId, newName, newWorkflow } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import type { Deliverer } from './deliverer.ts';
import { createEngine, type Engine } from './engine.ts';
import { EventTriggers } from './event-triggers.ts';
import { Relay } from './relay.ts';

const projectId = DEFAULT_PROJECT;
const runtime = systemRuntime('silent');
let database: TestDatabase;
let store: Store;
let engine: Engine;
let relay: Relay;
/** What the broker has, and whether it takes what is marked `bad`. */
const broker = { seen: [] as CloudEvent[], isMended: false };
/** The process dies when all is delivered, before anything of it is written down. */
let isDying: boolean;

beforeEach(async () => {
  database = await testDatabase();
  store = await openPostgresStore(database.url);
  Object.assign(broker, { seen: [], isMended: false });
  isDying = false;
  engine = createEngine({
    ...{ store, runtime, secrets: { get: async () => undefined }, nodeTypes: createNodeTypes(ABSENT) },
    ...{ host: { name: newName(), pid: 1, isAlive: () => true }, roles: [] },
    ...{ slots: 100, taskConcurrency: 1, commitBatch: 100, leaseMs: 20_000 },
  });
  const triggers = new EventTriggers({ groups: store.eventGroups, starter: engine.starter, runtime });
  const log: Store['messages'] = {
    ...store.messages,
    relay: (now, limit, deliver) =>
      store.messages.relay(now, limit, async (messages) => {
        const relayed = await deliver(messages);
        if (isDying) throw new Error('died');
        return relayed;
      }),
  };
  relay = new Relay({ messages: log, runtime, stats: engine.stats, deliverers: [triggers, brokerOf(broker)] });
});

afterEach(async () => {
  await engine.stop(0);
  await store.close();
  await database.drop();
});

const brokerOf = (state: typeof broker): Deliverer => ({
  name: 'broker',
  deliver: async (messages) => {
    const isRefused = ({ data }: CloudEvent) => data === 'bad' && !state.isMended;
    state.seen.push(...messages.map(({ event }) => event).filter((event) => !isRefused(event)));
    const error = new MyelinError('invalid_request', 'the broker takes no such thing').toInfo();
    return messages.filter(({ event }) => isRefused(event)).map((message) => ({ message, error }));
  },
});

async function listening(config: Record<string, unknown>): Promise<string> {
  const trigger = { id: newId(), name: 'on', type: 'event', config };
  const { id } = await store.workflows.create(newWorkflow({ status: 'active', triggers: [trigger] }));
  return id;
}

const send = (id: string, data: unknown) =>
  store.messages.add([
    { projectId, event: { specversion: '1.0', id, source: '/t', type: 'thing.made', partitionkey: 'k', data } },
  ]);

/** All that waits, and the alerts that come of it. */
async function deliverAll(): Promise<void> {
  while ((await store.messages.lag()) > 0) await relay.runOnce();
}

const letters = (): Promise<LetterRow[]> => store.deadLetters.list({ projectId, limit: 100 });
const count = async (workflowId: string) => (await store.executions.list({ projectId, workflowId, limit: 100 })).length;
const things = () => broker.seen.filter(({ type }) => type === 'thing.made').map(({ id }) => id);

test('it becomes a letter with its removal, later ones of its key go on, and requeued it comes under its id', async () => {
  const fine = await listening({ event: 'thing.made' });
  const told = await listening({ event: 'dead_letter.created' });
  await send('1', 'bad');
  await send('2', 'good');
  isDying = true;
  await expect(relay.runOnce()).rejects.toThrow('died');
  expect(await letters()).toEqual([]);
  isDying = false;
  broker.seen = [];
  await deliverAll();
  expect(things()).toEqual(['2']);
  const [letter, ...others] = await letters();
  expect(others).toEqual([]);
  expect(letter).toMatchObject({ source: 'message', executionId: null, workflowId: null, category: 'validation' });
  expect([await count(fine), await count(told)]).toEqual([2, 1]);

  broker.isMended = true;
  const again = await engine.requeue.page({ projectId, category: 'validation', limit: 100 });
  expect(again).toMatchObject({ done: 1, refused: 0 });
  const { id } = letter as LetterRow;
  await expect(engine.requeue.one(projectId, id)).rejects.toMatchObject({ code: 'dead_letter_resolved' });
  await deliverAll();
  expect(things()).toEqual(['2', '1']);
  expect(await store.deadLetters.get(projectId, id)).toMatchObject({ status: 'RETRIED', retries: 1, retriedAs: null });
  expect(await count(fine)).toBe(2);
});

test('requeued with a payload it is another message; one that fails again is NEW again', async () => {
  await send('1', 'bad');
  await deliverAll();
  const [{ id }] = (await letters()) as [LetterRow];
  expect(await engine.requeue.one(projectId, id)).toMatchObject({ status: 'RETRIED' });
  await deliverAll();
  expect(await letters()).toMatchObject([{ id, status: 'NEW', retries: 1 }]);
  const rivals = [1, 2, 3, 4].map((n) => engine.requeue.one(projectId, id, { n }).then(() => n));
  const results = await Promise.allSettled(rivals);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await deliverAll();
  expect(things()).toEqual(['1/edited']);
});

test('what one trigger refuses, the others have once, and the requeue is for that one', async () => {
  const broken = await listening({ event: 'thing.*', filter: '{{ $trigger.data.n.toFixed(1000) }}' });
  const fine = await listening({ event: 'thing.*' });
  await send('1', { n: 1 });
  await send('2', { n: 2 });
  await deliverAll();
  const found = await letters();
  expect(found).toHaveLength(2);
  expect(found).toMatchObject(found.map(() => ({ workflowId: broken, triggerId: 'on', status: 'NEW' })));
  expect([await count(broken), await count(fine)]).toEqual([0, 2]);
  expect(await engine.requeue.page({ projectId, workflowId: broken, limit: 100 })).toMatchObject({ done: 2 });
  await deliverAll();
  expect([await count(broken), await count(fine)]).toEqual([2, 2]);
});
