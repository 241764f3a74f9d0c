/** Redis, against a real one. */
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { type RedisConfig, redis } from '../../core/connections/types/redis.ts';
import type { ReceivedMessage } from '../../ports/brokers.ts';
import { brokerSuite, type Site } from '../../testing/brokers.suite.ts';
import { describeBroker } from '../../testing/brokers.ts';
import { newName } from '../../testing/factories.ts';
import { ownBroker } from '../../testing/own-broker.ts';
import { UNHEARD } from '../../testing/unheard.ts';
import { hearChannels } from './hear-channels.ts';
import { readStream } from './read-stream.ts';
import { redisBroker } from './redis.ts';

/** Tests dial loopback. */
const egress = { resolve: async (host: string) => host };
const configOf = (fields: Partial<RedisConfig>) => redis.config.parse({ tls: 'off', ...fields });

async function siteAt(address: string): Promise<Site> {
  const { hostname: host, port } = new URL(address);
  const client = new Redis(address, { retryStrategy: () => 100, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  return {
    config: configOf({ host, port: Number(port) }),
    wrong: configOf({ host, port: Number(port), user: 'nobody', password: 'wrong' }),
    make: async () => newName(),
    trigger: (stream) => ({ stream, from: 'earliest' }),
    publish: (stream) => ({ stream }),
    send: async (stream, messages) => {
      const sent = messages.map(({ value, headers = {} }) =>
        client.xadd(stream, '*', 'data', value ?? '', ...Object.entries(headers).flat()),
      );
      await Promise.all(sent);
    },
    close: async () => client.disconnect(),
  };
}

describeBroker('redis', (address) => {
  brokerSuite({
    create: () => redisBroker(egress),
    site: () => siteAt(address),
    own: async () => {
      const broker = await ownBroker('redis');
      return { broker, site: await siteAt(broker.address) };
    },
    large: async () => {
      const broker = await ownBroker('redis');
      const site = await siteAt(broker.address);
      const dispose = () => site.close().then(() => broker.dispose());
      return { site, place: await site.make(), dispose };
    },
    isOrdered: true,
  });

  test('large entries are read as far as they fit, also those that another left lying', {
    timeout: 60_000,
  }, async () => {
    const { config, close } = await siteAt(address);
    const [client, stream] = [new Redis(address), newName()];
    const value = Buffer.alloc(6 * 1024 * 1024, 'x');
    for (let n = 0; n < 7; n++) await client.xadd(stream, '*', 'n', n, 'data', value);
    await client.xgroup('CREATE', stream, 'g', '0');
    // Of one that died: it read four, a long time ago.
    const left = (await client.xreadgroup('GROUP', 'g', 'dead', 'COUNT', 4, 'STREAMS', stream, '>')) as [
      string,
      [string, string[]][],
    ][];
    const ids = left[0]![1].map(([id]) => id);
    await client.xclaim(stream, 'g', 'dead', 0, ...ids, 'IDLE', 3_600_000);
    const over = new AbortController();
    const batches: unknown[][] = [];
    await redisBroker(egress).consume(
      {
        ...UNHEARD,
        ...{ connection: { id: 'c', updatedAt: 1, config }, config: { stream }, group: 'g', batch: 500 },
        take: async (messages) => {
          batches.push(messages.map(({ headers }) => Number(headers?.n)));
          if (batches.flat().length === 7) over.abort();
        },
      },
      over.signal,
    );
    expect(batches).toEqual([[0, 1, 2], [3], [4, 5, 6]]);
    await client.del(stream);
    client.disconnect();
    await close();
  });

  test('an entry that is published twice is there once', async () => {
    const { config, close } = await siteAt(address);
    const broker = redisBroker(egress);
    const sender = broker.sender({ id: 'c', updatedAt: 1, config });
    const stream = newName();
    const message = { to: { stream, field: 'data' }, value: Buffer.from('1'), headers: { a: 'b' }, id: newName() };
    const signal = new AbortController().signal;
    const [first] = await sender.send([message], signal);
    expect(await sender.send([message], signal)).toEqual([first]);
    const client = new Redis(address);
    expect(await client.xlen(stream)).toBe(1);
    client.disconnect();
    await sender.close();
    await close();
  });

  test('members that are gone are removed, but those of others and those with entries in hand', async () => {
    const { config, close } = await siteAt(address);
    const [client, stream] = [new Redis(address), newName()];
    await client.xgroup('CREATE', stream, 'g', '0', 'MKSTREAM');
    for (const name of ['myelin-empty', 'myelin-busy', 'somebody']) {
      await client.xgroup('CREATECONSUMER', stream, 'g', name);
    }
    await client.xadd(stream, '*', 'data', '1');
    await client.xreadgroup('GROUP', 'g', 'myelin-busy', 'STREAMS', stream, '>');
    const names = async () => {
      const all = (await client.xinfo('CONSUMERS', stream, 'g')) as string[][];
      return all.map(([, name]) => name).sort();
    };
    const [client2, other, over] = [new Redis(address), new Redis(address), new AbortController()];
    const about = { connection: { id: 'c', updatedAt: 1, config }, config: { stream }, group: 'g', batch: 1 };
    const member = { client: client2, other, name: 'myelin-me', goneMs: 0 };
    const taken = Promise.withResolvers<readonly ReceivedMessage[]>();
    const take = async (messages: readonly ReceivedMessage[]) => taken.resolve(messages);
    const ended = readStream(member, { ...UNHEARD, ...about, take }, over.signal);
    await client.xadd(stream, '*', 'data', '2');
    expect((await taken.promise).map(({ value }) => String(value))).toEqual(['2']);
    await expect.poll(names).toEqual(['myelin-busy', 'myelin-me', 'somebody']);
    over.abort();
    await ended;
    expect(await names()).toEqual(['myelin-busy', 'somebody']);
    expect((await client.xpending(stream, 'g'))[0]).toBe(1);
    await client.del(stream);
    for (const one of [client, client2, other]) one.disconnect();
    await close();
  });

  test('of two processes one hears a channel, and the other when that one is gone', async () => {
    const { config, close } = await siteAt(address);
    const client = new Redis(address);
    const channels = newName();
    const taken: string[] = [];
    const hear = () => {
      const over = new AbortController();
      const listening = Promise.withResolvers<void>();
      const ended = redisBroker(egress).consume(
        {
          ...{ connection: { id: 'c', updatedAt: 1, config }, config: { channels: `${channels}.*` } },
          ...{ ...UNHEARD, group: channels, batch: 10, listening: listening.resolve },
          take: async (messages) => void taken.push(...messages.map(({ value }) => String(value))),
        },
        over.signal,
      );
      const stop = async () => {
        over.abort();
        await ended;
      };
      return { stop, listening: listening.promise };
    };
    const heard = (count: number) => expect.poll(() => client.publish(`${channels}.a`, '1')).toBe(count);
    const first = hear();
    await heard(1);
    const second = hear();
    await second.listening;
    await heard(1);
    await expect.poll(() => taken).toHaveLength(2);
    await first.stop();
    const goesOn = async () => {
      await client.publish(`${channels}.b`, '2');
      return taken.includes('2');
    };
    await expect.poll(goesOn, { timeout: 10_000 }).toBe(true);
    await second.stop();
    client.disconnect();
    await close();
  });

  test('who was held up so long that another hears the channel takes nothing that both have heard', {
    timeout: 30_000,
  }, async () => {
    const { config, close } = await siteAt(address);
    const [client, group] = [new Redis(address), newName()];
    const hear = (take: (messages: readonly ReceivedMessage[]) => Promise<void>) => {
      const [ears, other, over] = [new Redis(address), new Redis(address), new AbortController()];
      const about = { connection: { id: 'c', updatedAt: 1, config }, config: { channels: group }, group, batch: 1 };
      const ended = hearChannels({ client: ears, other, heldMs: 300 }, { ...UNHEARD, ...about, take }, over.signal);
      return async () => {
        over.abort();
        await ended;
        for (const one of [ears, other]) one.disconnect();
      };
    };
    const publish = (text: string) => client.publish(group, text);
    const [stalled, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const taken: string[] = [];
    const takenBy =
      (who: string) =>
      async (messages: readonly ReceivedMessage[]): Promise<void> => {
        taken.push(...messages.map(({ value }) => `${who} ${value}`));
        stalled.resolve();
        if (who === 'first') await free.promise;
      };
    const stopFirst = hear(takenBy('first'));
    await expect.poll(() => publish('begin')).toBe(1);
    await stalled.promise;
    const stopSecond = hear(takenBy('second'));
    await expect.poll(() => publish('beside'), { timeout: 10_000 }).toBe(2);
    await publish('both');
    await expect.poll(() => taken).toContain('second both');
    free.resolve();
    await expect.poll(() => publish('beside'), { timeout: 10_000 }).toBe(1);
    await stopSecond();
    await expect.poll(() => publish('end').then(() => taken), { timeout: 10_000 }).toContain('first end');
    expect(taken.filter((one) => one.endsWith('both'))).toEqual(['second both']);
    await stopFirst();
    client.disconnect();
    await close();
  });

  test.each([
    ['takes us without a password', {}, true],
    ['Wrong user or password', { user: 'nobody', password: 'x' }, false],
    ['takes no connections', { port: 1 }, false],
  ])('a test of the connection says: %s', async (says, over, ok) => {
    const { config, close } = await siteAt(address);
    const result = await redisBroker(egress).test({ ...config, ...over }, new AbortController().signal);
    expect(result).toMatchObject({ ok, message: expect.stringContaining(says) });
    await close();
  });
});
