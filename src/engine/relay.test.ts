import { expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import type { CloudEvent } from '../core/cloud-event.ts';
import { type ErrorInfo, MyelinError } from '../core/errors.ts';
import type { OutboxMessage } from '../ports/outbox.ts';
import type { Runtime } from '../ports/runtime.ts';
import { newId } from '../testing/factories.ts';
import type { Deliverer } from './deliverer.ts';
import { Relay, type RelayOptions } from './relay.ts';
import { Stats } from './stats.ts';

const transient: ErrorInfo = { code: 'connection_failed', kind: 'transient', message: 'no broker' };
const permanent: ErrorInfo = { code: 'expression_failed', kind: 'permanent', message: 'bad filter' };

/** A relay over the memory store; the clock stands still until the test moves it. */
function stage(deliverers: readonly Deliverer[], over: Partial<RelayOptions> = {}) {
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
  const relay = new Relay({ outbox: store.outbox, runtime, stats, deliverers, ...over });
  const send = (...messages: Partial<CloudEvent>[]) =>
    store.outbox.add(
      messages.map((one) => ({
        projectId: 'p',
        event: { specversion: '1.0', id: newId(), source: '/t', type: 'a', ...one },
      })),
    );
  return { relay, stats, send, clock, lag: () => store.outbox.lag() };
}

/** Takes everything but what `refuse` finds fault with; `seen` has what arrived. */
function listener(refuse: (event: CloudEvent) => ErrorInfo | undefined = () => undefined) {
  const seen: string[] = [];
  const deliver = async (messages: readonly OutboxMessage[]) => {
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

test('pauses grow, and after ten attempts the message is set aside', async () => {
  const aside: [string, ErrorInfo][] = [];
  const setAside = async ({ event }: OutboxMessage, error: ErrorInfo) => void aside.push([event.id, error]);
  const { relay, send, clock, lag } = stage([listener(() => transient)], { setAside });
  await send({ id: '1' });
  const began = clock.now;
  for (let round = 0; round < 1_000 && aside.length === 0; round++) {
    await relay.runOnce();
    clock.now += 500;
  }
  expect(aside).toEqual([['1', transient]]);
  expect(clock.now - began).toBeGreaterThan(120_000);
  expect(await lag()).toBe(0);
});

test('what will never pass is set aside at once; without a place for it, it is kept', async () => {
  const aside: string[] = [];
  const refuse = (event: CloudEvent) => (event.id === 'bad' ? permanent : undefined);
  const setAside = async ({ event }: OutboxMessage) => void aside.push(event.id);
  const [first, second] = [listener(refuse), listener(refuse)];
  const kept = stage([first]);
  const lost = stage([second], { setAside });
  for (const { send, relay } of [kept, lost]) {
    await send({ id: 'bad', partitionkey: 'a' }, { id: 'good', partitionkey: 'a' });
    await relay.runOnce();
  }
  expect(aside).toEqual(['bad']);
  expect([kept.stats.relayed, lost.stats.relayed]).toEqual([1, 2]);
  kept.clock.now += 30_000;
  expect(await kept.lag()).toBe(30_000);
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
