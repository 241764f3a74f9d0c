import { Admin, ProduceAcks, Producer } from '@platformatic/kafka';
import { afterEach, describe, expect, test } from 'vitest';
import type { Fields } from '../../core/connections/parts.ts';
import { type KafkaConfig, kafka } from '../../core/connections/types/kafka.ts';
import { MyelinError } from '../../core/errors.ts';
import type { Broker, ReceivedMessage, Sender } from '../../ports/brokers.ts';
import { kafkaSasl } from '../../testing/broker-addresses.ts';
import { brokerSuite, type Site } from '../../testing/brokers.suite.ts';
import { describeBroker } from '../../testing/brokers.ts';
import { testEgress } from '../../testing/egress.ts';
import { newId, newName } from '../../testing/factories.ts';
import { ownBroker } from '../../testing/own-broker.ts';
import { UNHEARD } from '../../testing/unheard.ts';
import { kafkaBroker } from './kafka.ts';

const configOf = (fields: Partial<KafkaConfig>) => kafka.config.parse({ tls: 'off', ...fields });

async function siteAt(brokers: string, wrong?: KafkaConfig): Promise<Site> {
  const options = { clientId: 'test', bootstrapBrokers: [brokers], retries: 10, retryDelay: 200 };
  const admin = new Admin(options);
  const producer = new Producer({ ...options, acks: ProduceAcks.ALL, idempotent: true });
  return {
    config: configOf({ brokers }),
    ...(wrong !== undefined && { wrong }),
    make: async () => {
      const topic = newName();
      await admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 });
      return topic;
    },
    trigger: (topic) => ({ topic, from: 'earliest' }),
    publish: (topic) => ({ topic, key: 'k' }),
    send: async (topic, messages) => {
      await producer.send({
        messages: messages.map(({ value, key, headers = {} }) => ({
          topic,
          ...(key !== undefined && { key: Buffer.from(key) }),
          ...(value !== null && { value: Buffer.from(value) }),
          headers: new Map(Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
        })),
      });
    },
    close: async () => {
      await Promise.all([admin.close(), producer.close(true)]);
    },
  };
}

function wrongOne(): KafkaConfig | undefined {
  const brokers = kafkaSasl()?.split('@')[1];
  return brokers === undefined ? undefined : configOf({ brokers, sasl: 'plain', user: 'myelin', password: 'wrong' });
}

describeBroker('kafka', (address) => {
  brokerSuite({
    create: () => kafkaBroker(testEgress()),
    site: () => siteAt(address, wrongOne()),
    own: async () => {
      const broker = await ownBroker('kafka');
      return { broker, site: await siteAt(broker.address) };
    },
    large: async () => {
      const site = await siteAt(address);
      const admin = new Admin({ clientId: 'test', bootstrapBrokers: [address] });
      const place = newName();
      const configs = [{ name: 'max.message.bytes', value: '60000000' }];
      await admin.createTopics({ topics: [place], partitions: 1, replicas: 1, configs });
      const dispose = async () => {
        await admin.deleteTopics({ topics: [place] });
        await Promise.all([admin.close(), site.close()]);
      };
      return { site, place, dispose };
    },
    isOrdered: true,
  });

  describe('of a topic', () => {
    const stops: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const stop of stops.splice(0).reverse()) await stop();
    });
    const brokerOfOurs = (options?: Parameters<typeof testEgress>[0]) => {
      const broker = kafkaBroker(testEgress(options));
      stops.push(() => broker.close());
      return broker;
    };
    const connection = { id: newId(), updatedAt: 1, config: configOf({ brokers: address }) };
    const senders = new Map<Broker, Sender>();
    const senderOf = (broker: Broker) => {
      const sender = senders.get(broker) ?? broker.sender(connection);
      if (!senders.has(broker)) stops.push(() => sender.close());
      senders.set(broker, sender);
      return sender;
    };
    const publish = (broker: Broker, topic: string, values: readonly (string | null)[]) =>
      senderOf(broker).send(
        values.map((value) => ({
          to: { topic, key: 'k' },
          value: value === null ? null : Buffer.from(value),
          key: 'k',
          id: 'i',
        })),
        new AbortController().signal,
      );
    const site = () => siteAt(address);

    /** Reads until it has so many, or is ended. */
    async function read(broker: Broker, config: Fields, count: number, group: string, memory = UNHEARD) {
      const over = new AbortController();
      const taken: ReceivedMessage[] = [];
      const begun = Promise.withResolvers<void>();
      const ended = broker.consume(
        {
          ...{ ...memory, connection, config, group, batch: 100, listening: begun.resolve },
          take: async (messages) => {
            taken.push(...messages);
            if (taken.length >= count) setImmediate(() => over.abort());
          },
        },
        over.signal,
      );
      return { taken, listening: begun.promise, ended, stop: () => over.abort() };
    }
    const valuesOf = (taken: readonly ReceivedMessage[]) =>
      taken.map(({ value }) => (value === null ? null : Buffer.from(value).toString()));

    test('calls at the same time are all written, and each knows where', { timeout: 60_000 }, async () => {
      const { make, close } = await site();
      stops.push(close);
      const broker = brokerOfOurs();
      const topic = await make();
      const calls = Array.from({ length: 50 }, (_, n) => publish(broker, topic, [String(n)]));
      const receipts = (await Promise.all(calls)).flat();
      expect(receipts.map(({ offset }) => offset)).toEqual(receipts.map((_, n) => n));
      const { taken, ended } = await read(broker, { topic, from: 'earliest' }, 50, newName());
      await ended;
      expect(valuesOf(taken)).toEqual(receipts.map((_, n) => String(n)));
      expect(taken.map(({ place }) => place)).toEqual(receipts);
    });

    test('a group begins at the offset that is given, goes on where it was, and takes tombstones', {
      timeout: 60_000,
    }, async () => {
      const { make, close } = await site();
      stops.push(close);
      const broker = brokerOfOurs();
      const [topic, group] = [await make(), newName()];
      const [first] = await publish(broker, topic, ['0', '1', null, '3']);
      const config = { topic, from: 'earliest', fromOffset: { [String(first?.partition)]: 1 } };
      const before = await read(broker, config, 3, group);
      await before.ended;
      expect(valuesOf(before.taken)).toEqual(['1', null, '3']);
      await publish(broker, topic, ['4']);
      const after = await read(broker, config, 1, group);
      await after.ended;
      expect(valuesOf(after.taken)).toEqual(['4']);
    });

    test('latest is the end at the first start, though nothing was read before the second', {
      timeout: 60_000,
    }, async () => {
      const { make, close } = await site();
      stops.push(close);
      const broker = brokerOfOurs();
      const [topic, group] = [await make(), newName()];
      await publish(broker, topic, ['before']);
      const first = await read(broker, { topic }, 1, group);
      await first.listening;
      first.stop();
      await first.ended;
      await publish(broker, topic, ['between']);
      const second = await read(broker, { topic }, 1, group);
      await second.ended;
      expect(valuesOf(second.taken)).toEqual(['between']);
    });

    test('what is not taken comes again', { timeout: 60_000 }, async () => {
      const { make, close } = await site();
      stops.push(close);
      const broker = brokerOfOurs();
      const [topic, group] = [await make(), newName()];
      await publish(broker, topic, ['1']);
      const config = { topic, from: 'earliest' };
      const failing = broker.consume(
        {
          ...{ ...UNHEARD, connection, config, group, batch: 1 },
          take: () => Promise.reject(new MyelinError('interrupted')),
        },
        new AbortController().signal,
      );
      await expect(failing).rejects.toMatchObject({ code: 'interrupted' });
      const { taken, ended } = await read(broker, config, 1, group);
      await ended;
      expect(valuesOf(taken)).toEqual(['1']);
    });

    test('goes on where it was, also where Kafka has forgotten its group', { timeout: 60_000 }, async () => {
      const { make, close } = await site();
      stops.push(close);
      const broker = brokerOfOurs();
      const [topic, group] = [await make(), newName()];
      let places = {};
      const memory = {
        ...UNHEARD,
        remembered: async () => places,
        remember: async (more: object) => {
          places = { ...places, ...more };
        },
      };
      const config = { topic };
      const first = await read(broker, config, 1, group, memory);
      await first.listening;
      await publish(broker, topic, ['1']);
      await first.ended;
      await publish(broker, topic, ['2', '3']);
      const admin = new Admin({ clientId: 'test', bootstrapBrokers: [address], retries: 10, retryDelay: 200 });
      await admin.deleteGroups({ groups: [group] });
      await admin.close();
      const { taken, ended } = await read(broker, config, 2, group, memory);
      await ended;
      expect(valuesOf(taken)).toEqual(['2', '3']);
    });

    test('where a group is that nobody has remembered is remembered, also of what gets nothing', {
      timeout: 60_000,
    }, async () => {
      const { make, close } = await site();
      stops.push(close);
      const broker = brokerOfOurs();
      const [topic, group] = [await make(), newName()];
      const first = await read(broker, { topic }, 1, group);
      await first.listening;
      await publish(broker, topic, ['1']);
      await first.ended;
      const noted: Record<string, number>[] = [];
      const memory = { ...UNHEARD, remember: async (more: Record<string, number>) => void noted.push(more) };
      const second = await read(broker, { topic }, 1, group, memory);
      await second.listening;
      expect(Object.values(noted[0] ?? {}).sort()).toEqual([0, 0, 1]);
      await publish(broker, topic, ['2']);
      await second.ended;
    });

    test('that is not there is refused, by name', { timeout: 60_000 }, async () => {
      const broker = brokerOfOurs();
      const refused = { code: 'broker_refused', message: expect.stringContaining('There is no topic nowhere') };
      await expect(publish(broker, 'nowhere', ['1'])).rejects.toMatchObject(refused);
      const { ended } = await read(broker, { topic: 'nowhere' }, 1, newName());
      await expect(ended).rejects.toMatchObject(refused);
    });

    test('no address is dialed that the egress does not let through', { timeout: 60_000 }, async () => {
      const broker = brokerOfOurs({ loopback: false });
      const denied = { code: 'egress_denied' };
      await expect(publish(broker, 'any', ['1'])).rejects.toMatchObject(denied);
      const { ended } = await read(broker, { topic: 'any' }, 1, newName());
      await expect(ended).rejects.toMatchObject(denied);
      // The brokers that the cluster tells of are dialed under the same law: this one is named, those are not.
      const [, port] = address.split(':');
      const lookup = async () => ['127.0.0.1'];
      const named = kafkaBroker(testEgress({ loopback: false, allow: ['kafka.test'], lookup }));
      stops.push(() => named.close());
      const config = configOf({ brokers: `kafka.test:${port}` });
      const signal = new AbortController().signal;
      const { make, close } = await site();
      stops.push(close);
      const message = { to: { topic: await make() }, value: null, id: 'i' };
      const sender = named.sender({ ...connection, config });
      stops.push(() => sender.close());
      const sent = sender.send([message], signal);
      await expect(sent).rejects.toMatchObject({
        code: 'egress_denied',
        message: expect.stringContaining('127.0.0.1'),
      });
    });

    test('a connection is tried, and what is wrong is said in words', { timeout: 60_000 }, async () => {
      const broker = brokerOfOurs();
      const signal = new AbortController().signal;
      const words = async (fields: Partial<KafkaConfig>) => (await broker.test(configOf(fields), signal)).message;
      expect(await words({ brokers: address })).toBe('The cluster of one broker takes us without a sign-in.');
      expect(await words({ brokers: '127.0.0.1:1' })).toContain('takes no connections');
      const { username: user, password, host: brokers } = new URL(`kafka://${kafkaSasl()}`);
      const signIn = { brokers, sasl: 'plain', user } as const;
      expect(await words({ ...signIn, password })).toContain(`lets ${user} in`);
      expect(await words({ ...signIn, password: 'wrong' })).toContain('Wrong user or password');
    });
  });
});
