/** Feeds over the store in memory, with a broker in memory: what goes out, in which order, and what a refusal does. */
import { afterEach, expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { MyelinError } from '../core/errors.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import type { Broker, OutgoingMessage, Publishers } from '../ports/brokers.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Commit } from '../ports/store.ts';
import { following, NOW, newId, nodeCompleted, ownedCreation } from '../testing/factories.ts';
import { EventFeeds } from './event-feeds.ts';
import { Stats } from './stats.ts';

const projectId = newId();
const REFUSED = new MyelinError('broker_refused', 'There is no topic audit.');

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const TARGETS = { kafka: { topic: 'audit' }, nats: { subject: 'audit' } } as const;

interface Options {
  readonly type?: keyof typeof TARGETS;
  /** What the broker does with what it is sent, and when. */
  readonly publish?: (messages: readonly OutgoingMessage[], signal: AbortSignal) => Promise<void>;
  readonly sleep?: Runtime['sleep'];
}

async function world({ type = 'kafka', publish = async () => undefined, sleep }: Options = {}) {
  const clock = { now: NOW };
  const runtime = { ...systemRuntime('silent'), now: () => clock.now, ...(sleep !== undefined && { sleep }) };
  const store = memoryStore(runtime);
  const sent: OutgoingMessage[][] = [];
  const changed: string[] = [];
  const publishers: Publishers = {
    publish: async (_, __, messages, signal) => {
      await publish(messages, signal);
      sent.push([...messages]);
      return messages.map(() => ({}));
    },
  };
  const broker = { type, ...(type === 'kafka' && { keepsOrder: true }) } as Broker;
  const stats = new Stats();
  const feeds = new EventFeeds({
    ...{ store: store.eventFeeds, publishers, runtime, stats, brokers: new Map([[type, broker]]) },
    nodeTypes: createNodeTypes(ABSENT),
    connections: { open: async () => ({ id: 'c', updatedAt: 1, config: {}, secrets: {} }) },
    publicUrl: () => 'https://flows.example',
    changed: (_, topics) => changed.push(...topics),
  });
  stops.push(() => feeds.stop());
  const put = { projectId, connection: 'events', type, target: TARGETS[type], updatedAt: NOW };
  await store.eventFeeds.put(put);
  const ids = () => sent.map((messages) => messages.map(({ id }) => id));
  const commit = (...commits: Commit[]) => store.executions.commit(commits);
  const feed = async () => (await store.eventFeeds.get(projectId))!;
  const waiting = async () => (await store.eventFeeds.waiting(projectId, 1_000)).events;
  return { clock, store, feeds, sent, ids, commit, feed, waiting, stats, changed };
}

const places = ({ executionId }: Commit, ...seqs: number[]) => seqs.map((seq) => `${executionId}/${seq}`);

test('events go out as CloudEvents by the key of their stream, with headers that say so', async () => {
  const { feeds, sent, commit, stats, waiting } = await world();
  const one = ownedCreation(newId(), { projectId });
  await commit(one);
  await feeds.runOnce();
  const [message] = sent.flat();
  expect(message).toMatchObject({
    to: { topic: 'audit' },
    key: one.executionId,
    id: `${one.executionId}/1`,
    headers: { 'content-type': 'application/cloudevents+json; charset=utf-8', 'myelin-id': `${one.executionId}/1` },
  });
  expect(JSON.parse(new TextDecoder().decode(message?.value ?? undefined))).toMatchObject({
    ...{ id: message?.id, source: `/executions/${one.executionId}`, type: 'myelin.execution.created' },
    data: { triggerId: 'hook' },
  });
  expect(await waiting()).toBe(0);
  expect(stats.fed).toBe(2);
});

test('a broker that keeps the order gets a round at once', async () => {
  const { feeds, ids, commit } = await world();
  const [one, two] = [ownedCreation(newId(), { projectId }), ownedCreation(newId(), { projectId })];
  await commit(one, two);
  await feeds.runOnce();
  expect(ids()).toEqual([[...places(one, 1, 2), ...places(two, 1, 2)]]);
});

test('any other gets the next event of a stream when it has the one before', async () => {
  const { feeds, ids, commit } = await world({ type: 'nats' });
  const [one, two] = [ownedCreation(newId(), { projectId }), ownedCreation(newId(), { projectId })];
  await commit(one, two);
  await commit(following(one));
  await feeds.runOnce();
  expect(ids()).toEqual([
    [...places(one, 1), ...places(two, 1)],
    [...places(one, 2), ...places(two, 2)],
    places(one, 3),
  ]);
});

test('a broker that refuses is told with its reason, tried after pauses that grow, and nothing is lost', async () => {
  const state = { refuses: true };
  const publish = async () => {
    if (state.refuses) throw REFUSED;
  };
  const { clock, feeds, feed, ids, commit, waiting, changed } = await world({ publish });
  const one = ownedCreation(newId(), { projectId });
  await commit(one);
  const pauses: number[] = [];
  for (let failures = 1; failures <= 9; failures++) {
    await feeds.runOnce();
    expect(await feed()).toMatchObject({ error: REFUSED.toInfo(), failures });
    pauses.push(((await feed()).retryAt ?? 0) - clock.now);
    await feeds.runOnce();
    expect(await feed()).toMatchObject({ failures });
    clock.now = (await feed()).retryAt ?? 0;
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  await commit(following(one));
  expect(await waiting()).toBe(3);
  state.refuses = false;
  changed.length = 0;
  await feeds.runOnce();
  expect(ids().flat()).toEqual(places(one, 1, 2, 3));
  expect(await feed()).toMatchObject({ error: null, failures: 0, retryAt: null });
  expect(changed).toEqual(['connections']);
});

test('what has arrived before a refusal is not sent again', async () => {
  let calls = 0;
  const publish = async () => {
    calls += 1;
    if (calls === 2) throw REFUSED;
  };
  const { clock, feeds, ids, commit, waiting } = await world({ type: 'nats', publish });
  const [one, two] = [ownedCreation(newId(), { projectId }), ownedCreation(newId(), { projectId })];
  await commit(one, two);
  await feeds.runOnce();
  expect(await waiting()).toBe(2);
  clock.now += 1_000;
  await feeds.runOnce();
  expect(ids()).toEqual([
    [...places(one, 1), ...places(two, 1)],
    [...places(one, 2), ...places(two, 2)],
  ]);
});

test('a slow broker is left to the next round, with what it has', async () => {
  const { clock, feeds, ids, commit, waiting } = await world({
    type: 'nats',
    publish: async () => {
      clock.now += 4_000;
    },
  });
  const one = ownedCreation(newId(), { projectId });
  await commit(one);
  await commit(following(one, { events: [1, 2, 3, 4, 5].map((n) => nodeCompleted(n)) }));
  await feeds.runOnce();
  expect(ids()).toEqual([1, 2, 3, 4, 5, 6, 7].map((seq) => places(one, seq)));
  expect(await waiting()).toBe(0);
});

test('much goes round by round', async () => {
  const { feeds, ids, commit } = await world();
  const one = ownedCreation(newId(), { projectId });
  await commit(one);
  await commit(following(one, { events: Array.from({ length: 1_200 }, (_, n) => nodeCompleted(n)) }));
  await feeds.runOnce();
  expect(ids().map(({ length }) => length)).toEqual([500, 500, 202]);
  expect(ids().flat()).toEqual(places(one, ...Array.from({ length: 1_202 }, (_, n) => n + 1)));
});

test('one that is stopped in the middle leaves everything to the next, and no reason', async () => {
  const begun = Promise.withResolvers<void>();
  const state = { hangs: true };
  const publish = async (_: unknown, signal: AbortSignal) => {
    if (!state.hangs) return;
    begun.resolve();
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const { feeds, feed, ids, commit } = await world({ publish });
  const one = ownedCreation(newId(), { projectId });
  await commit(one);
  feeds.start();
  await begun.promise;
  await feeds.stop();
  expect(await feed()).toMatchObject({ error: null, failures: 0 });
  state.hangs = false;
  feeds.start();
  await feeds.runOnce();
  expect(ids()).toEqual([places(one, 1, 2)]);
});

test('a commit wakes it, also one that comes while a round goes out', async () => {
  const first = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const publish = async () => {
    first.resolve();
    await go.promise;
  };
  // Nobody looks unless he is woken.
  const asleep = (_: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
  const { feeds, store, commit, ids } = await world({ publish, sleep: asleep });
  await store.listen((news) => news === 'feeds' && feeds.wake());
  feeds.start();
  const [one, two] = [ownedCreation(newId(), { projectId }), ownedCreation(newId(), { projectId })];
  await commit(one);
  await first.promise;
  await commit(two);
  go.resolve();
  while (ids().flat().length < 4) await new Promise(setImmediate);
  expect(ids().flat()).toEqual([...places(one, 1, 2), ...places(two, 1, 2)]);
});
