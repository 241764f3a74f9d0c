/** An execution that waits for events in a loop, over real PostgreSQL: each message is heard once, however often it comes. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { MyelinError } from '../core/errors.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import { execution } from '../testing/api.ts';
import { definition, newId, newName, newWorkflow } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import type { Deliverer } from './deliverer.ts';
import { createEngine, type Engine } from './engine.ts';
import { EventWaits } from './event-waits.ts';
import { Relay } from './relay.ts';

const projectId = DEFAULT_PROJECT;
const runtime = systemRuntime('silent');
const ROUNDS = 5;
let database: TestDatabase;
let store: Store;
let engine: Engine;
let relay: Relay;
/** The process dies when all is delivered, before anything of it is written down. */
let isDying: boolean;
/** Somebody else refuses all messages for good. */
let isRefusing: boolean;
let deliveries: number;

beforeEach(async () => {
  database = await testDatabase();
  store = await openPostgresStore(database.url);
  [isDying, isRefusing, deliveries] = [false, false, 0];
  engine = createEngine({
    ...{ store, runtime, secrets: { get: async () => undefined }, nodeTypes: createNodeTypes(ABSENT) },
    ...{ host: { name: newName(), pid: 1, isAlive: () => true }, roles: ['worker'] },
    ...{ slots: 100, taskConcurrency: 1, commitBatch: 100, leaseMs: 20_000 },
  });
  await engine.start();
  const waits = new EventWaits({
    ...{ waits: store.waits, runtime, maskOf: async () => null },
    answered: () => engine.wake(),
  });
  const broker: Deliverer = {
    name: 'broker',
    deliver: async (given) => {
      const messages = given.filter(({ event }) => event.type === 'thing.made');
      deliveries += messages.length;
      const error = new MyelinError('invalid_request', 'the broker takes no such thing').toInfo();
      return isRefusing ? messages.map((message) => ({ message, error })) : [];
    },
  };
  const messages: Store['messages'] = {
    ...store.messages,
    relay: (now, limit, deliver) =>
      store.messages.relay(now, limit, async (given) => {
        const relayed = await deliver(given);
        if (isDying) throw new Error('died');
        return relayed;
      }),
  };
  relay = new Relay({ messages, runtime, stats: engine.stats, deliverers: [waits, broker] });
});

afterEach(async () => {
  await engine.stop(0);
  await store.close();
  await database.drop();
});

async function looping(): Promise<string> {
  const body = { nodes: [{ id: 'w', type: 'wait', config: { for: 'event', type: 'thing.*' } }] };
  const nodes = [{ id: 'each', type: 'loop', config: { times: ROUNDS, body } }];
  const workflow = newWorkflow({ definition: definition(newName(), { nodes }), status: 'active' });
  await store.workflows.create(workflow);
  const start = { projectId, workflowId: workflow.id, version: 1, triggerId: 'api', trigger: {} };
  return (await engine.starter.start(start)).executionId;
}

/** The execution waits in this round, or has ended. */
async function reaches(executionId: string, round: number): Promise<void> {
  const isThere = async () => {
    const open = await store.waits.list({ projectId, executionId, kind: 'event', open: true, limit: 10 });
    return open.some(({ path }) => path === `each[${round}]/w`);
  };
  while (round < ROUNDS && !(await isThere())) await new Promise(setImmediate);
}

const send = (n: number, source = '/t') =>
  store.messages.add([{ projectId, event: { specversion: '1.0', id: newId(), source, type: 'thing.made', data: n } }]);

async function deliverAll(): Promise<void> {
  while ((await store.messages.lag()) > 0) await relay.runOnce();
}

/** A round that finds nothing yet, since something else is being written, does not count. */
async function died(): Promise<void> {
  const before = deliveries;
  const rounds = async () => {
    while (deliveries === before) await relay.runOnce();
  };
  await expect(rounds()).rejects.toThrow('died');
}

interface Round {
  readonly signal: { readonly data: unknown };
}

async function heard(executionId: string): Promise<unknown[]> {
  await execution({ store, engine }, executionId);
  const events = await store.executions.events(projectId, executionId, 1, 1_000);
  const rounds = events.flatMap((event) =>
    event.type === 'execution.completed' ? (event.data.output as Round[]) : [],
  );
  return rounds.map(({ signal }) => signal.data);
}

const ALL = Array.from({ length: ROUNDS }, (_, n) => n);

test('a relay that dies after each delivery', async () => {
  const id = await looping();
  for (const n of ALL) {
    await reaches(id, n);
    await send(n);
    isDying = true;
    for (let again = 0; again < 3; again++) {
      await died();
      await reaches(id, n + 1);
    }
    isDying = false;
    await deliverAll();
  }
  expect(deliveries).toBe(4 * ROUNDS);
  expect(await heard(id)).toEqual(ALL);
});

test('messages that became dead letters and are requeued', async () => {
  const id = await looping();
  isRefusing = true;
  for (const n of ALL.slice(0, -1)) {
    await reaches(id, n);
    await send(n);
    await deliverAll();
  }
  await reaches(id, ROUNDS - 1);
  isRefusing = false;
  expect(await engine.requeue.page({ projectId, limit: 100 })).toMatchObject({ done: ROUNDS - 1 });
  await deliverAll();
  await send(ROUNDS - 1);
  await deliverAll();
  expect(deliveries).toBe(2 * (ROUNDS - 1) + 1);
  expect(await heard(id)).toEqual(ALL);
});
