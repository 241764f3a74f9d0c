/** A feed to each of the real brokers that take one message at a time: what they hold is every event, in order. */
import { jetstreamManager } from '@nats-io/jetstream';
import { connect as connectNats } from '@nats-io/transport-node';
import { connect as connectAmqp } from 'amqplib';
import { expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { natsBroker } from '../adapters/nats/nats.ts';
import { rabbitmqBroker } from '../adapters/rabbitmq/rabbitmq.ts';
import { redisBroker } from '../adapters/redis/redis.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { connectionType, type Fields, parse } from '../core/connections/parts.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import type { Broker, ReceivedMessage } from '../ports/brokers.ts';
import { describeBroker } from '../testing/brokers.ts';
import { testEgress } from '../testing/egress.ts';
import { following, NOW, newId, newName, nodeCompleted, ownedCreation } from '../testing/factories.ts';
import { UNHEARD } from '../testing/unheard.ts';
import { EventFeeds } from './event-feeds.ts';
import { Senders } from './senders.ts';
import { Stats } from './stats.ts';

interface Place {
  readonly broker: Broker;
  readonly config: Fields;
  readonly target: Fields;
  readonly trigger: Fields;
}

function parsed(type: string, config: Fields): Fields {
  const { open, secret } = parse(connectionType(type), config);
  return { ...open, ...secret };
}

/** What the broker has in the end, as it hands it to a consumer: pairs of a stream and a sequence. */
async function fed({ broker, config, target, trigger }: Place) {
  const runtime = systemRuntime('silent');
  const store = memoryStore(runtime);
  const [projectId, type] = [newId(), broker.type];
  const brokers = new Map([[type, broker]]);
  const publishers = new Senders(brokers, runtime);
  const connection = { id: newId(), updatedAt: 1, config: parsed(type, config), secrets: {} };
  const feeds = new EventFeeds({
    ...{ store: store.eventFeeds, brokers, publishers, runtime, stats: new Stats(), publicUrl: () => '' },
    ...{ nodeTypes: createNodeTypes(ABSENT), connections: { open: async () => connection } },
  });
  await store.eventFeeds.put({ projectId, connection: 'c', type, target, updatedAt: NOW });
  const all = Array.from({ length: 5 }, () => ownedCreation(newId(), { projectId }));
  await store.executions.commit(all);
  const more = [1, 2, 3].map((n) => nodeCompleted(n));
  await store.executions.commit(all.map((one) => following(one, { events: more })));
  await feeds.runOnce();
  expect(await store.eventFeeds.get(projectId)).toMatchObject({ error: null });
  const [seen, over] = [new Map<string, number[]>(), new AbortController()];
  let count = 0;
  const take = async (messages: readonly ReceivedMessage[]) => {
    for (const { value } of messages) {
      const { subject, sequence } = JSON.parse(Buffer.from(value ?? []).toString());
      seen.set(subject, [...(seen.get(subject) ?? []), Number(sequence)]);
      count += 1;
    }
    if (count >= 25) over.abort();
  };
  await broker.consume({ connection, config: trigger, group: newName(), batch: 100, take, ...UNHEARD }, over.signal);
  await Promise.all([feeds.stop(), publishers.close()]);
  await broker.close();
  const wanted = new Map(all.map(({ executionId }) => [executionId, [1, 2, 3, 4, 5]]));
  return { seen, wanted };
}

describeBroker('redis', (address) => {
  test('a stream has every event in order', async () => {
    const { hostname: host, port } = new URL(address);
    const stream = newName();
    const config = { host, port: Number(port), tls: 'off' };
    const trigger = { stream, from: 'earliest' };
    const { seen, wanted } = await fed({ broker: redisBroker(testEgress()), config, target: { stream }, trigger });
    expect(seen).toEqual(wanted);
  });
});

describeBroker('nats', (address) => {
  test('a subject has every event in order', async () => {
    const subject = newName();
    const connection = await connectNats({ servers: address });
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: subject, subjects: [subject] });
    const config = { servers: new URL(address).host, tls: 'off' };
    const trigger = { subject, from: 'earliest' };
    const { seen, wanted } = await fed({ broker: natsBroker(testEgress()), config, target: { subject }, trigger });
    expect(seen).toEqual(wanted);
    await connection.close();
  });
});

describeBroker('rabbitmq', (address) => {
  test('a queue has every event in order', async () => {
    const queue = newName();
    const model = await connectAmqp(address);
    await (await model.createChannel()).assertQueue(queue);
    const { hostname: host, port, username: user, password } = new URL(address);
    const config = { host, port: Number(port), user, tls: 'off' };
    const place = { broker: rabbitmqBroker(testEgress()), target: { routingKey: queue }, trigger: { queue } };
    const { seen, wanted } = await fed({ ...place, config: { ...config, password } });
    expect(seen).toEqual(wanted);
    await model.close();
  });
});
