/**
 * Two processes over real PostgreSQL that relay and catch up, each dying again and again in the middle, while workflows
 * are paused and go on: whatever the order of all that, each message starts each workflow once, and keys keep their order.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPostgresStore } from '../adapters/postgres/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { MyelinError } from '../core/errors.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import { DEFAULT_PROJECT, type Store } from '../ports/store.ts';
import { newId, newWorkflow } from '../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../testing/postgres.ts';
import { CatchUp } from './catch-up.ts';
import type { Deliverer } from './deliverer.ts';
import { createEngine, type Engine } from './engine.ts';
import { EventTriggers } from './event-triggers.ts';
import { Relay } from './relay.ts';

interface Process {
  readonly store: Store;
  readonly engine: Engine;
  readonly relay: Relay;
  readonly catchUp: CatchUp;
}

const runtime = systemRuntime('silent');
let database: TestDatabase;
let processes: Process[];
/** Deliveries so far; every third is cut off, before or after it. */
let deliveries: number;

beforeEach(async () => {
  database = await testDatabase();
  deliveries = 0;
  processes = [await open(), await open()];
});

afterEach(async () => {
  for (const { engine, store } of processes) {
    await engine.stop(0);
    await store.close();
  }
  await database.drop();
});

async function open(): Promise<Process> {
  const store = await openPostgresStore(database.url);
  const sizes = { slots: 100, taskConcurrency: 1, commitBatch: 100, leaseMs: 20_000 };
  const engine = createEngine({
    ...{ store, runtime, roles: [], ...sizes },
    secrets: { get: async () => undefined },
    nodeTypes: createNodeTypes(ABSENT),
    host: { name: newId(), pid: 1, isAlive: () => true },
  });
  const { stats, starter } = engine;
  const triggers = new EventTriggers({ groups: store.eventGroups, starter, runtime });
  // Smaller rounds and steps than in earnest, so that there are many.
  const messages: Store['messages'] = {
    ...store.messages,
    relay: (now, _, deliver) => store.messages.relay(now, 7, deliver),
  };
  const groups: Pick<Store['eventGroups'], 'step' | 'listening'> = {
    listening: store.eventGroups.listening,
    step: (now, _, ...about) => store.eventGroups.step(now, 3, ...about),
  };
  return {
    ...{ store, engine },
    relay: new Relay({ messages, runtime, stats, deliverers: [mortal(triggers)] }),
    catchUp: new CatchUp({
      ...{ groups, runtime, stats, executions: { ahead: async () => 0 } },
      triggers: { of: (group) => mortal(triggers.of(group)) },
    }),
  };
}

const mortal = (deliverer: Deliverer): Deliverer => ({
  name: 'mortal',
  deliver: async (messages) => {
    deliveries += 1;
    const dies = deliveries % 6;
    if (dies === 3) throw died();
    const undelivered = await deliverer.deliver(messages);
    if (dies === 0) throw died();
    return undelivered;
  },
});

/** Like a lost database, it is no fault of any message. */
const died = () => new MyelinError('store_unavailable', 'cut off by the test');

const KEYS = 4;

async function listening(config: Record<string, unknown>): Promise<string> {
  const triggers = [{ id: newId(), name: 'on', type: 'event', config }];
  const workflow = newWorkflow({ status: 'active', triggers });
  await processes[0]?.store.workflows.create(workflow);
  return workflow.id;
}

const setStatus = (id: string, status: 'active' | 'paused', by = 0) =>
  processes[by]?.store.workflows.setStatus(DEFAULT_PROJECT, id, status, runtime.now());

async function send(type: string, key: number, n: number): Promise<void> {
  const { store } = processes[n % 2] as Process;
  const event = { specversion: '1.0', id: newId(), source: '/t', type, data: { key, n } } as const;
  await store.messages.add([{ projectId: DEFAULT_PROJECT, event: { ...event, partitionkey: `k${key}` } }]);
}

/** All that is to be done is done, by as many rounds as that takes. */
async function settled(): Promise<void> {
  const { store } = processes[0] as Process;
  for (let isOver = false; !isOver; ) {
    for (const { relay, catchUp } of processes) {
      await relay.runOnce().catch(() => undefined);
      await catchUp.runOnce().catch(() => undefined);
    }
    const { catchingUp } = await store.eventGroups.figures(runtime.now());
    isOver = catchingUp === 0 && (await store.messages.lag()) === 0;
  }
}

/** In the order in which the executions were created. */
async function heardBy(workflowId: string): Promise<{ key: number; n: number }[]> {
  const { store } = processes[0] as Process;
  const rows = await store.executions.list({ projectId: DEFAULT_PROJECT, workflowId, limit: 10_000 });
  const histories = await store.executions.histories(rows.map(({ id }) => id));
  return rows.reverse().map(({ id }) => {
    const [created] = histories.get(id) ?? [];
    return created?.type === 'execution.created'
      ? (created.data.trigger as { data: { key: number; n: number } }).data
      : { key: -1, n: -1 };
  });
}

function expectEach(heard: readonly { key: number; n: number }[], count: number): void {
  expect(heard).toHaveLength(KEYS * count);
  for (let key = 0; key < KEYS; key += 1) {
    const ofKey = heard.filter((one) => one.key === key).map(({ n }) => n);
    expect(ofKey).toEqual(Array.from({ length: count }, (_, n) => n));
  }
}

test('while messages come, workflows are paused and go on: none is lost, none comes twice, keys keep their order', async () => {
  const [steady, moody] = [await listening({ event: 'thing.*' }), await listening({ event: 'thing.*' })];
  const COUNT = 60;
  let isOver = false;
  let pauses = 0;
  const writers = Promise.all(
    Array.from({ length: KEYS }, async (_, key) => {
      for (let n = 0; n < COUNT; n += 1) {
        // A pause waits for who delivers: without this all may have come before the third.
        while (pauses < n / 20) await new Promise(setImmediate);
        await send('thing.made', key, n);
      }
    }),
  );
  const work = processes.map(async ({ relay, catchUp }) => {
    while (!isOver) {
      await relay.runOnce().catch(() => undefined);
      await catchUp.runOnce().catch(() => undefined);
    }
  });
  const mood = (async () => {
    for (; !isOver; pauses += 1) {
      await setStatus(moody, 'paused', pauses % 2);
      await setStatus(moody, 'active', pauses % 2);
    }
  })();
  await writers;
  isOver = true;
  await Promise.all([...work, mood]);
  await settled();
  expectEach(await heardBy(steady), COUNT);
  expectEach(await heardBy(moody), COUNT);
});

type Act = 'send' | 'pause' | 'activate' | 'relay' | 'catch up' | 'pause other' | 'activate other';
const ACTS: readonly Act[] = ['send', 'pause', 'activate', 'relay', 'catch up', 'pause other', 'activate other'];

test('in whatever order that happens', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...ACTS), { minLength: 5, maxLength: 25 }), async (acts) => {
      const type = `t${newId()}`;
      const group = newId();
      const [alone, one, two] = [
        await listening({ event: type }),
        await listening({ event: type, group }),
        await listening({ event: type, group }),
      ] as const;
      let sent = 0;
      for (const [at, act] of acts.entries()) {
        const { relay, catchUp } = processes[at % 2] as Process;
        if (act === 'send') for (let key = 0; key < KEYS; key += 1) await send(type, key, sent);
        if (act === 'send') sent += 1;
        if (act === 'relay') await relay.runOnce().catch(() => undefined);
        if (act === 'catch up') await catchUp.runOnce().catch(() => undefined);
        const status = act.startsWith('pause') ? 'paused' : 'active';
        if (act === 'pause' || act === 'activate') for (const id of [alone, one]) await setStatus(id, status, at % 2);
        if (act.endsWith('other')) await setStatus(two, status, at % 2);
      }
      for (const id of [alone, one, two]) await setStatus(id, 'active');
      await settled();
      expectEach(await heardBy(alone), sent);
      const shared = [...(await heardBy(one)), ...(await heardBy(two))];
      expect(shared.map(({ key, n }) => `${key}/${n}`).sort()).toEqual(
        (await heardBy(alone)).map(({ key, n }) => `${key}/${n}`).sort(),
      );
      for (const id of [alone, one, two]) await setStatus(id, 'paused');
    }),
    { numRuns: 12 },
  );
});
