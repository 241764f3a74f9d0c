/** The brokers of a campaign. One that is added to BROKERS_UNDER_LOAD is stopped, killed and checked with the others. */
import { Admin, ProduceAcks, Producer } from '@platformatic/kafka';
import { Redis } from 'ioredis';
import type { BrokerName } from '../../src/testing/brokers.ts';

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
    const producer = new Producer({ ...clientOf(address), acks: ProduceAcks.ALL });
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

export const BROKERS_UNDER_LOAD: Partial<Record<BrokerName, BrokerUnderLoad>> = { kafka, redis };
