/** The whole program with a feed to Kafka: a broker that is not there, one that lacks the topic, and SIGKILL in between. */
import { Admin } from '@platformatic/kafka';
import { afterEach, expect, test } from 'vitest';
import { kafkaBroker } from '../../src/adapters/kafka/kafka.ts';
import { kafka } from '../../src/core/connections/types/kafka.ts';
import type { ReceivedMessage } from '../../src/ports/brokers.ts';
import { describeBroker } from '../../src/testing/brokers.ts';
import { testEgress } from '../../src/testing/egress.ts';
import { newId, newName } from '../../src/testing/factories.ts';
import { UNHEARD } from '../../src/testing/unheard.ts';
import { deploy, eventually } from '../program/scene.ts';
import { Program } from '../program/server.ts';

const COUNT = 40;

interface Told {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: string;
  readonly data: unknown;
}

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** What of the topic has come, in the order of each partition. */
function reader(brokers: string, topic: string): () => readonly Told[] {
  const broker = kafkaBroker(testEgress());
  const over = new AbortController();
  const seen: Told[] = [];
  let broken: unknown;
  const take = async (messages: readonly ReceivedMessage[]) => {
    for (const { value, key, headers } of messages) {
      const event: Told = JSON.parse(Buffer.from(value ?? []).toString());
      expect([String(key), String(headers?.['myelin-id'])]).toEqual([event.subject, event.id]);
      seen.push(event);
    }
  };
  const connection = { id: newId(), updatedAt: 1, config: kafka.config.parse({ brokers, tls: 'off' }) };
  const config = { topic, from: 'earliest' };
  const subscription = { connection, config, group: newName(), batch: 500, take, ...UNHEARD };
  const ended = broker.consume(subscription, over.signal).catch((error) => {
    broken = error;
  });
  stops.push(async () => {
    over.abort();
    await ended;
    await broker.close();
  });
  return () => {
    if (broken !== undefined) throw broken;
    return seen;
  };
}

describeBroker('kafka', (address) => {
  test('every event arrives, those of a stream in order, and what comes again has the same id', async () => {
    const topic = newName();
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [address] });
    const program = await Program.create();
    stops.push(
      () => program.dispose(),
      () => admin.close(),
    );
    await program.start();
    const call = async (method: string, path: string, body?: object) => (await program.call(method, path, body)).body;
    const feed = async () => (await call('GET', '/api/event-feed')).feed;
    const failed = (words: RegExp) =>
      eventually(async () => {
        const { state, error, waiting } = await feed();
        return state === 'error' && words.test(error.message) && waiting > 0 ? true : undefined;
      }, 60_000);
    const flow = await deploy(program, {
      name: 'count',
      triggers: [{ id: 'in', type: 'webhook', path: 'count', method: 'POST' }],
      nodes: [
        { id: 'one', type: 'transform', config: { set: { n: '{{ $trigger.body.n }}' } } },
        { id: 'pause', type: 'delay', config: { for: '10ms' } },
      ],
      edges: ['one -> pause'],
    });
    const run = (from: number) =>
      Promise.all(
        Array.from({ length: COUNT }, async (_, at) => {
          expect((await program.call('POST', '/webhooks/count', { n: from + at })).status).toBe(202);
        }),
      );

    // Nobody listens there.
    await call('POST', '/api/connections', {
      name: 'events',
      type: 'kafka',
      config: { brokers: '127.0.0.1:9', tls: 'off' },
    });
    expect(await call('PUT', '/api/event-feed', { connection: 'events', target: { topic } })).toMatchObject({
      ...{ state: 'listening', waiting: 0 },
    });
    await run(0);
    await failed(/127\.0\.0\.1:9/);
    await call('PUT', '/api/connections/events', { config: { brokers: address, tls: 'off' } });
    await failed(new RegExp(topic));
    await admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 });
    await call('PUT', '/api/event-feed', { connection: 'events', target: { topic } });
    const read = reader(address, topic);
    await eventually(async () => ((await feed()).waiting === 0 ? true : undefined), 60_000);
    expect(await feed()).toMatchObject({ state: 'listening', error: null, oldestAt: null });

    await program.kill();
    await program.start({ MYELIN_CRASH_AT: 'feed.after-send' });
    await run(COUNT).catch(() => undefined);
    await program.ended();
    await program.start();
    await eventually(async () => {
      const { body } = await program.call('GET', '/metrics');
      const isSent = /^myelin_event_feed_lag_seconds 0$/m.test(String(body));
      const { items } = await call('GET', '/api/executions?limit=200');
      return isSent && items.every(({ status }: { status: string }) => status === 'completed') ? true : undefined;
    }, 60_000);

    const { items } = await call('GET', `/api/executions?workflow=${flow}&limit=200`);
    expect(items.length).toBeGreaterThanOrEqual(COUNT);
    const wanted = new Map<string, string>();
    for (const { id } of items as { id: string }[]) {
      const { items: events } = await call('GET', `/api/executions/${id}/events?limit=1000`);
      for (const { seq, type, data } of events) wanted.set(`${id}/${seq}`, JSON.stringify([`myelin.${type}`, data]));
    }
    await eventually(async () => (new Set(read().map(({ id }) => id)).size >= wanted.size ? true : undefined), 60_000);
    const seen = read();
    const told = new Map(seen.map(({ id, type, data }) => [id, JSON.stringify([type, data])]));
    expect(told).toEqual(wanted);
    expect(seen.length).toBeGreaterThan(wanted.size);
    const last = new Map<string, number>();
    for (const { subject, sequence } of seen) {
      const before = last.get(subject) ?? 0;
      expect(Number(sequence)).toBeLessThanOrEqual(before + 1);
      last.set(subject, Math.max(before, Number(sequence)));
    }
  });
});
