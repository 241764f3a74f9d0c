/** NATS, against a real one. */
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers as headersOf, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type NatsConfig, nats } from '../../core/connections/types/nats.ts';
import type { ReceivedMessage } from '../../ports/brokers.ts';
import { brokerSuite, type Site } from '../../testing/brokers.suite.ts';
import { describeBroker } from '../../testing/brokers.ts';
import { newName } from '../../testing/factories.ts';
import { ownBroker } from '../../testing/own-broker.ts';
import { UNHEARD } from '../../testing/unheard.ts';
import { natsBroker } from './nats.ts';

/** Tests dial loopback. */
const egress = { resolve: async (host: string) => host };
const configOf = (fields: object): NatsConfig => nats.config.parse({ tls: 'off', ...fields });
const NEVER = new AbortController().signal;

/** With a connection that lasts as long as the work: the server may be another process by the next. */
async function at<T>(address: string, work: (connection: NatsConnection) => Promise<T>): Promise<T> {
  const connection = await connect({ servers: address, reconnect: false });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

async function siteAt(address: string): Promise<Site> {
  const servers = new URL(address).host;
  return {
    config: configOf({ servers }),
    wrong: configOf({ servers, user: 'nobody', password: 'wrong' }),
    make: () =>
      at(address, async (connection) => {
        const name = newName();
        const manager = await jetstreamManager(connection);
        await manager.streams.add({ name, subjects: [name, `${name}.>`] });
        return name;
      }),
    trigger: (subject) => ({ subject, from: 'earliest' }),
    publish: (subject) => ({ subject }),
    send: (subject, messages) =>
      at(address, async (connection) => {
        const client = jetstream(connection);
        const sent = messages.map(({ value, headers = {} }) => {
          const all = headersOf();
          for (const [name, text] of Object.entries(headers)) all.set(name, text);
          return client.publish(subject, value ?? '', { headers: all });
        });
        await Promise.all(sent);
      }),
    close: async () => undefined,
  };
}

describeBroker('nats', (address) => {
  brokerSuite({
    create: () => natsBroker(egress),
    site: () => siteAt(address),
    own: async () => {
      const broker = await ownBroker('nats');
      return { broker, site: await siteAt(broker.address) };
    },
    large: async () => {
      const { address: of, dispose } = await ownBroker('nats');
      const site = await siteAt(of);
      // Above 32 MiB the server of Debian cannot read what it has written to its files.
      return { site, place: await site.make(), bytes: 30_000_000, dispose };
    },
    isOrdered: true,
  });

  describe('by itself', () => {
    const broker = natsBroker(egress);
    let site: Site;
    beforeAll(async () => {
      site = await siteAt(address);
    });
    const ends: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const end of ends.splice(0)) await end();
    });
    afterAll(() => broker.close());

    /** Messages that a trigger has got. */
    function listen(config: object, take?: (messages: readonly ReceivedMessage[]) => Promise<void>) {
      const over = new AbortController();
      const taken: ReceivedMessage[] = [];
      const lags: number[] = [];
      const listening = Promise.withResolvers<void>();
      const connection = { id: 'c', updatedAt: 1, config: site.config };
      const ended = broker.consume(
        {
          ...{ ...UNHEARD, connection, config: { from: 'earliest', ...config }, batch: 10 },
          group: 'group' in config ? String(config.group) : newName(),
          take: async (messages) => {
            await take?.(messages);
            taken.push(...messages);
          },
          listening: listening.resolve,
          lag: (messages) => lags.push(messages),
        },
        over.signal,
      );
      // Who does not wait for the one looks at the other.
      ended.catch(listening.reject);
      listening.promise.catch(() => undefined);
      const stop = async () => {
        over.abort(new Error('over'));
        await ended;
      };
      ends.push(() => stop().catch(() => undefined));
      const values = () => taken.map(({ value }) => value && new TextDecoder().decode(value));
      return { taken, values, lags, stop, ended, listening: listening.promise };
    }
    const numbers = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => ({ value: `${from + index}` }));
    const publish = (subject: string, id: string, value: Uint8Array | null = Buffer.from('1')) => {
      const sender = broker.sender({ id: 'c', updatedAt: 1, config: site.config });
      ends.push(() => sender.close());
      return sender.send([{ to: { subject }, value, headers: { a: 'b' }, id }], NEVER);
    };

    test('a message says where it stood, and an empty one has no value', async () => {
      const stream = await site.make();
      await site.send(`${stream}.eu`, [{ value: null, headers: { a: 'ä' } }]);
      const { taken } = listen({ subject: `${stream}.*` });
      await expect.poll(() => taken).toHaveLength(1);
      const place = { subject: `${stream}.eu`, stream, sequence: 1 };
      expect(taken[0]).toMatchObject({ value: null, headers: { a: 'ä' }, place });
      expect(Math.abs(taken[0]!.timestamp! - Date.now())).toBeLessThan(60_000);
    });

    test('a subject of others stays with them, and a group goes on where it was', async () => {
      const stream = await site.make();
      await site.send(`${stream}.a`, numbers(1, 3));
      await site.send(`${stream}.b`, numbers(4, 5));
      const group = newName();
      const first = listen({ subject: `${stream}.a`, group });
      await expect.poll(first.values).toEqual(['1', '2', '3']);
      await first.stop();
      await site.send(`${stream}.a`, numbers(6, 7));
      const second = listen({ subject: `${stream}.a`, group });
      await expect.poll(second.values).toEqual(['6', '7']);
      await second.stop();
      // The trigger has another subject now.
      await site.send(`${stream}.c`, numbers(8, 8));
      const third = listen({ subject: `${stream}.c`, group });
      await expect.poll(third.values).toEqual(['8']);
    });

    test('a new group begins with what comes, or at a sequence', async () => {
      const stream = await site.make();
      await site.send(stream, numbers(1, 5));
      const latest = listen({ subject: stream, from: 'latest' });
      await latest.listening;
      const third = listen({ subject: stream, from: undefined, fromSequence: 3 });
      await site.send(stream, numbers(6, 6));
      await expect.poll(third.values).toEqual(['3', '4', '5', '6']);
      await expect.poll(latest.values).toEqual(['6']);
    });

    test('what was not taken when the signal ends it comes to another at once, and lag is told', async () => {
      const stream = await site.make();
      await site.send(stream, numbers(1, 25));
      const group = newName();
      const held = Promise.withResolvers<void>();
      const taking = Promise.withResolvers<void>();
      const first = listen({ subject: stream, group }, () => {
        taking.resolve();
        return held.promise;
      });
      await taking.promise;
      expect(first.lags).toEqual([25]);
      const stopped = first.stop();
      held.reject(new Error('over'));
      await stopped;
      expect(first.taken).toEqual([]);
      const second = listen({ subject: stream, group });
      await expect.poll(() => new Set(second.values()).size, { timeout: 10_000 }).toBe(25);
    });

    test('a stream that is made anew has messages with other ids', async () => {
      const name = await site.make();
      await site.send(name, numbers(1, 1));
      const first = listen({ subject: name });
      await expect.poll(() => first.taken).toHaveLength(1);
      await at(address, async (connection) => {
        const manager = await jetstreamManager(connection);
        await manager.streams.delete(name);
        await manager.streams.add({ name, subjects: [name] });
      });
      await expect(first.ended).rejects.toMatchObject({ code: 'connection_failed' });
      await site.send(name, numbers(1, 1));
      const second = listen({ subject: name });
      await expect.poll(() => second.taken).toHaveLength(1);
      expect(second.taken[0]!.place.sequence).toBe(first.taken[0]!.place.sequence);
      expect(second.taken[0]!.id).not.toBe(first.taken[0]!.id);
    });

    test('what cannot be listened to is told', async () => {
      const stream = await site.make();
      const refused = (words: string) =>
        expect.objectContaining({ code: 'broker_refused', message: expect.stringContaining(words) });
      await expect(listen({ subject: newName() }).ended).rejects.toEqual(refused('No stream takes the subject'));
      await expect(listen({ subject: 'a', stream: newName() }).ended).rejects.toEqual(refused('no such stream'));
      const both = await site.make();
      await expect(listen({ subject: '>' }).ended).rejects.toEqual(refused('Several streams'));
      await expect(listen({ subject: 'else', stream: both }).ended).rejects.toEqual(
        refused('does not take this subject'),
      );
      const group = newName();
      await at(address, async (connection) => {
        const manager = await jetstreamManager(connection);
        await manager.consumers.add(stream, { durable_name: group, deliver_subject: newName() });
      });
      await expect(listen({ subject: stream, group }).ended).rejects.toEqual(refused('made for something else'));
    });

    test('a message that is published twice is there once', async () => {
      const stream = await site.make();
      const id = newName();
      const [first] = await publish(stream, id);
      expect(first).toEqual({ subject: stream, stream, sequence: 1 });
      expect(await publish(stream, id)).toEqual([first]);
      expect(await publish(stream, newName(), null)).toEqual([{ subject: stream, stream, sequence: 2 }]);
    });

    test('what no stream takes, or is too large, is refused', async () => {
      const refused = { code: 'broker_refused' };
      await expect(publish(newName(), 'x')).rejects.toMatchObject({
        ...refused,
        message: expect.stringContaining('No stream'),
      });
      const stream = await site.make();
      await at(address, async (connection) => {
        const most = new Uint8Array(connection.info?.max_payload ?? 0);
        await expect(publish(stream, 'x', most)).rejects.toThrow('max_payload');
        const manager = await jetstreamManager(connection);
        await manager.streams.update(stream, { max_msg_size: 10 });
      });
      await expect(publish(stream, 'y', new Uint8Array(100))).rejects.toThrow('max_msg_size');
    });

    test('the first server that answers is taken, by an address that the egress has checked', async () => {
      const { port } = new URL(address);
      const asked: string[] = [];
      const resolve = async (host: string, at: number) => {
        asked.push(`${host}:${at}`);
        return '127.0.0.1';
      };
      const config = configOf({ servers: `down.example.com:1,up.example.com:${port}` });
      expect(await natsBroker({ resolve }).test(config, NEVER)).toMatchObject({ ok: true });
      expect(asked).toEqual(['down.example.com:1', `up.example.com:${port}`]);
    });

    test.each<[string, object, boolean]>([
      ['JetStream is on', {}, true],
      ['JetStream is on', { user: 'myelin', password: 'myelin' }, true],
      ['Wrong credentials', { user: 'nobody', password: 'x' }, false],
      ['Wrong credentials', { token: 'x' }, false],
      ['The seed in `nkey` is none', { nkey: `SU${'A'.repeat(56)}` }, false],
      ['takes no connections', { servers: '127.0.0.1:1' }, false],
      ['does not speak TLS', { tls: 'verify' }, false],
    ])('a test of the connection says: %s', async (says, over, ok) => {
      const result = await broker.test(configOf({ ...site.config, ...over }), NEVER);
      expect(result).toMatchObject({ ok, message: expect.stringContaining(says) });
    });
  });
});
