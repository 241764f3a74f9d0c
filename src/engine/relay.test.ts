import { expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import type { CloudEvent } from '../core/cloud-event.ts';
import { type ErrorInfo, MyelinError } from '../core/errors.ts';
import type { LoggedMessage } from '../ports/messages.ts';
import type { Runtime } from '../ports/runtime.ts';
import { newId } from '../testing/factories.ts';
import type { Deliverer } from './deliverer.ts';
import { Relay } from './relay.ts';
import { Stats } from './stats.ts';

const transient: ErrorInfo = { code: 'connection_failed', kind: 'transient', message: 'no broker' };
const permanent: ErrorInfo = { code: 'expression_failed', kind: 'permanent', message: 'bad filter' };

/** A relay over the memory store; the clock stands still until the test moves it. */
function stage(deliverers: readonly Deliverer[]) {
  const clock = { now: 1_000_000 };
  const silent = () => undefined;
  const runtime: Runtime = {
    now: () => clock.now,
    id: newId,
    random: () => 0.5,
    sleep: async () => undefined,
    soon: setImmediate,
    log: { debug: silent, info: silent, warn: silent, error: silent },
  };
  const store = memoryStore(runtime);
  const stats = new Stats();
  const told: string[] = [];
  const changed = (projectId: string, topics: readonly string[]) => told.push(`${projectId}: ${topics.join()}`);
  const relay = new Relay({ messages: store.messages, runtime, stats, deliverers, changed });
  const send = (...messages: Partial<CloudEvent>[]) =>
    store.messages.add(
      messages.map((one) => ({
        projectId: 'p',
        event: { specversion: '1.0', id: newId(), source: '/t', type: 'a', ...one },
      })),
    );
  return {
    relay,
    stats,
    send,
    clock,
    told,
    lag: () => store.messages.lag(),
    letters: () => store.deadLetters.list({ projectId: 'p', limit: 9 }),
  };
}

/** Takes everything but what `refuse` finds fault with; `seen` has what arrived. */
function listener(refuse: (event: CloudEvent) => ErrorInfo | undefined = () => undefined) {
  const seen: string[] = [];
  const deliver = async (messages: readonly LoggedMessage[]) => {
    const undelivered = [];
    for (const message of messages) {
      const error = refuse(message.event);
      if (error === undefined) seen.push(message.event.id);
      else undelivered.push({ message, error });
    }
    return undelivered;
  };
  return { name: 'test', deliver, seen };
}

test('every message reaches every deliverer once, in order', async () => {
  const [one, two] = [listener(), listener()];
  const { relay, send, stats } = stage([one, two]);
  await send({ id: '1' }, { id: '2' });
  await relay.runOnce();
  await send({ id: '3' });
  await relay.runOnce();
  await relay.runOnce();
  expect(one.seen).toEqual(['1', '2', '3']);
  expect(two.seen).toEqual(['1', '2', '3']);
  expect(stats.relayed).toBe(3);
});

test('what may pass by itself is tried again later, and holds back its key alone', async () => {
  let isUp = false;
  const broker = listener((event) => (!isUp && event.partitionkey === 'a' ? transient : undefined));
  const { relay, send, clock, stats } = stage([broker]);
  await send({ id: 'a1', partitionkey: 'a' }, { id: 'b1', partitionkey: 'b' });
  await relay.runOnce();
  await send({ id: 'a2', partitionkey: 'a' }, { id: 'free' });
  isUp = true;
  await relay.runOnce();
  expect(broker.seen).toEqual(['b1', 'free']);
  clock.now += 500;
  await relay.runOnce();
  expect(broker.seen).toEqual(['b1', 'free', 'a1', 'a2']);
  expect(stats.relayed).toBe(4);
});

/** Rounds until nothing waits any more, half a second each. */
async function relayAll({ relay, clock, lag }: ReturnType<typeof stage>): Promise<void> {
  for (let round = 0; round < 1_000 && (await lag()) > 0; round++) {
    clock.now += 500;
    await relay.runOnce();
  }
}

test('pauses grow, and after ten attempts the message is a dead letter', async () => {
  const stand = stage([listener(() => transient)]);
  const { send, clock, letters, stats } = stand;
  await send({ id: '1' });
  const began = clock.now;
  clock.now += 1;
  await relayAll(stand);
  expect(await letters()).toMatchObject([
    {
      ...{ source: 'message', executionId: null, workflowId: null, triggerId: null, attempts: 10, status: 'NEW' },
      ...{ error: transient, category: 'connectivity', automatic: false },
    },
  ]);
  expect(clock.now - began).toBeGreaterThan(120_000);
  expect(stats.letters.get('connectivity')).toBe(1);
});

test('those that wait behind one that is given up have all their tries', async () => {
  const stuck = listener((event) => (event.id === 'stuck' ? transient : undefined));
  const brittle: Deliverer = {
    name: 'brittle',
    deliver: async (messages) => {
      if (messages.length > 1) throw new MyelinError('connection_failed');
      return stuck.deliver(messages);
    },
  };
  const stand = stage([brittle]);
  await stand.send({ id: 'stuck', partitionkey: 'a' }, { id: 'next', partitionkey: 'a' });
  stand.clock.now += 1;
  await relayAll(stand);
  expect(await stand.letters()).toHaveLength(1);
  expect(stuck.seen).toContain('next');
});

test('what will never pass is a dead letter at once, and told of', async () => {
  const picky = listener((event) => (event.id === 'bad' ? permanent : undefined));
  const { send, relay, letters, stats, lag } = stage([picky]);
  const bad = { id: 'bad', partitionkey: 'a' };
  await send(bad, bad, { id: 'good', partitionkey: 'a' });
  await relay.runOnce();
  const [letter, ...others] = await letters();
  expect(others).toEqual([]);
  expect(letter).toMatchObject({ error: permanent, attempts: 1, category: 'bug' });
  expect(stats.relayed).toBe(3);
  await relay.runOnce();
  expect(picky.seen).toEqual(['good', `${letter?.id}/${letter?.failedAt}`]);
  expect(await lag()).toBe(0);
});

test('a dead letter of a message that tells of one is told to nobody', async () => {
  const { send, relay, letters, lag } = stage([listener(() => permanent)]);
  await send({ type: 'dead_letter.created' });
  await relay.runOnce();
  expect(await letters()).toHaveLength(1);
  expect(await lag()).toBe(0);
});

test('a fault of our own is tried again before it is given up', async () => {
  const faulty: Deliverer = {
    name: 'faulty',
    deliver: async () => {
      throw new Error('a bug');
    },
  };
  const { send, relay, letters } = stage([faulty]);
  await send({ id: '1' });
  await relay.runOnce();
  expect(await letters()).toEqual([]);
});

test('where one of many breaks the delivery, the others arrive all the same', async () => {
  const seen: string[] = [];
  const brittle: Deliverer = {
    name: 'brittle',
    deliver: async (messages) => {
      if (messages.some(({ event }) => event.id === 'bad')) throw new MyelinError('connection_failed');
      seen.push(...messages.map(({ event }) => event.id));
      return [];
    },
  };
  const other = listener();
  const { relay, send } = stage([brittle, other]);
  await send({ id: '1', partitionkey: 'a' }, { id: 'bad', partitionkey: 'a' }, { id: '3', partitionkey: 'a' });
  await send({ id: '4', partitionkey: 'b' }, { id: '5' });
  await relay.runOnce();
  expect(seen).toEqual(['1', '4', '5']);
  expect(other.seen).toEqual(['1', 'bad', '3', '4', '5']);
});

test('while the database does not answer nothing is held against a message', async () => {
  let isDown = true;
  const { seen, deliver } = listener();
  const { relay, send } = stage([
    {
      name: 'starts',
      deliver: async (messages) => {
        if (isDown) throw new MyelinError('store_unavailable');
        return deliver(messages);
      },
    },
  ]);
  await send({ id: '1' });
  await expect(relay.runOnce()).rejects.toMatchObject({ code: 'store_unavailable' });
  isDown = false;
  await relay.runOnce();
  expect(seen).toEqual(['1']);
});

test('that there are new messages is told at most once a second, and in the end', async () => {
  const { send, relay, clock, told } = stage([]);
  await send({}, {});
  await relay.runOnce();
  await send({});
  await relay.runOnce();
  clock.now += 999;
  await relay.runOnce();
  expect(told).toEqual(['p: messages']);
  clock.now += 1;
  await relay.runOnce();
  expect(told).toEqual(['p: messages', 'p: messages']);
  clock.now += 5_000;
  await relay.runOnce();
  expect(told).toHaveLength(2);
});
