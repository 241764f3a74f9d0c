/** The brokers of a campaign. One that is added to BROKERS_UNDER_LOAD is stopped, killed and checked with the others. */
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect as connectNats } from '@nats-io/transport-node';
import { Admin, ProduceAcks, Producer } from '@platformatic/kafka';
import { connect as connectAmqp } from 'amqplib';
import { Redis } from 'ioredis';
import type { BrokerName } from '../../src/testing/broker-addresses.ts';

/** Who puts messages into a broker. One that has failed once is closed, and another opened. */
export interface Feed {
  /** Resolves when the broker has them all. When it rejects, it has any of them, each at most once: nothing is sent again. */
  send(place: string, values: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface BrokerUnderLoad {
  /** What a connection to it takes. */
  connection(address: string): { readonly type: string; readonly config: object };
  /** Makes topics, queues or streams that are empty. */
  make(address: string, places: readonly string[]): Promise<void>;
  /** Fields of a trigger that reads a place from its beginning, without `connection`. */
  trigger(place: string): object;
  /** Type and config of the node that writes to a place, without `connection` and `value`. */
  publish(place: string): { readonly type: string; readonly config: object };
  /** Rejects where the broker does not answer. */
  open(address: string): Promise<Feed>;
}

const kafka: BrokerUnderLoad = {
  connection: (brokers) => ({ type: 'kafka', config: { brokers, tls: 'off' } }),
  make: async (address, places) => {
    const admin = new Admin(clientOf(address));
    await admin.createTopics({ topics: [...places], partitions: 3, replicas: 1 }).finally(() => admin.close());
  },
  trigger: (topic) => ({ type: 'kafka', topic, from: 'earliest' }),
  publish: (topic) => ({ type: 'kafka.publish', config: { topic, key: '{{ $execution.id }}' } }),
  open: async (address) => {
    // Where a leader is new the library sends again by itself: the broker knows that by its sequence.
    const producer = new Producer({ ...clientOf(address), retries: 2, idempotent: true, acks: ProduceAcks.ALL });
    await producer.metadata({ topics: [] }).catch(async (error) => {
      await producer.close(true);
      throw error;
    });
    return {
      send: async (topic, values) => {
        const messages = values.map((one) => ({ topic, key: Buffer.from(one), value: Buffer.from(one) }));
        await producer.send({ messages });
      },
      close: async () => await producer.close(true),
    };
  },
};

const clientOf = (address: string) => ({ clientId: 'load', bootstrapBrokers: [address], retries: 0, timeout: 5_000 });

const redis: BrokerUnderLoad = {
  connection: (address) => {
    const { hostname: host, port } = new URL(address);
    return { type: 'redis', config: { host, port: Number(port), tls: 'off' } };
  },
  make: async () => undefined,
  trigger: (stream) => ({ type: 'redis', stream, from: 'earliest' }),
  publish: (stream) => ({ type: 'redis.publish', config: { stream } }),
  open: async (address) => {
    const once = { lazyConnect: true, retryStrategy: () => null, autoResendUnfulfilledCommands: false };
    const client = new Redis(address, { ...once, maxRetriesPerRequest: 0 });
    // Each command tells of it too.
    client.on('error', () => undefined);
    await client.connect();
    return {
      send: async (stream, values) => {
        await Promise.all(values.map((one) => client.xadd(stream, '*', 'data', one)));
      },
      close: async () => client.disconnect(),
    };
  },
};

const rabbitmq: BrokerUnderLoad = {
  connection: (address) => {
    const { hostname: host, port, username: user, password } = new URL(address);
    return { type: 'rabbitmq', config: { host, port: Number(port), user, password, tls: 'off' } };
  },
  make: async (address, places) => {
    const model = await connectAmqp(address);
    const channel = await model.createChannel();
    for (const place of places) await channel.assertQueue(place);
    await model.close();
  },
  trigger: (queue) => ({ type: 'rabbitmq', queue }),
  publish: (queue) => ({ type: 'rabbitmq.publish', config: { routingKey: queue } }),
  open: async (address) => {
    const model = await connectAmqp(address);
    // What breaks is told by the confirms.
    model.on('error', () => undefined);
    const channel = await model.createConfirmChannel();
    channel.on('error', () => undefined);
    return {
      send: async (queue, values) => {
        for (const one of values) channel.sendToQueue(queue, Buffer.from(one), { persistent: true, messageId: one });
        await channel.waitForConfirms();
      },
      close: async () => await model.close().catch(() => undefined),
    };
  },
};

const nats: BrokerUnderLoad = {
  connection: (address) => ({ type: 'nats', config: { servers: new URL(address).host, tls: 'off' } }),
  make: async (address, places) => {
    const connection = await connectNats({ servers: address, reconnect: false });
    const manager = await jetstreamManager(connection);
    for (const place of places) await manager.streams.add({ name: place, subjects: [place] });
    await connection.close();
  },
  trigger: (subject) => ({ type: 'nats', subject, from: 'earliest' }),
  publish: (subject) => ({ type: 'nats.publish', config: { subject } }),
  open: async (address) => {
    const connection = await connectNats({ servers: address, reconnect: false });
    const client = jetstream(connection);
    return {
      send: async (subject, values) => {
        await Promise.all(values.map((one) => client.publish(subject, one, { msgID: one })));
      },
      close: async () => await connection.close().catch(() => undefined),
    };
  },
};

export const BROKERS_UNDER_LOAD: Readonly<Record<BrokerName, BrokerUnderLoad>> = { kafka, rabbitmq, redis, nats };
