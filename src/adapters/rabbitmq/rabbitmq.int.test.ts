/** RabbitMQ, against a real one. */
import { type AddressInfo, createServer, connect as dialTo, type Socket } from 'node:net';
import { type Channel, connect, type Options } from 'amqplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RabbitmqConfig, rabbitmq } from '../../core/connections/types/rabbitmq.ts';
import type { ReceivedMessage } from '../../ports/brokers.ts';
import { brokerSuite, type Site } from '../../testing/brokers.suite.ts';
import { describeBroker } from '../../testing/brokers.ts';
import { newId, newName } from '../../testing/factories.ts';
import { ownBroker } from '../../testing/own-broker.ts';
import { UNHEARD } from '../../testing/unheard.ts';
import { rabbitmqBroker } from './rabbitmq.ts';

/** Tests dial loopback. */
const egress = { resolve: async (host: string) => host };
const forever = new AbortController().signal;

function configOf(address: string, fields: Partial<RabbitmqConfig> = {}): RabbitmqConfig {
  const { hostname: host, port, username: user, password } = new URL(address);
  return rabbitmq.config.parse({ tls: 'off', host, port: Number(port), user, password, ...fields });
}

/** As another program would: a connection for each call, since the broker is killed in between. */
async function withChannel<T>(address: string, work: (channel: Channel) => Promise<T>): Promise<T> {
  const model = await connect(address);
  model.on('error', () => undefined);
  try {
    const channel = await model.createConfirmChannel();
    channel.on('error', () => undefined);
    const result = await work(channel);
    await channel.waitForConfirms();
    return result;
  } finally {
    await model.close();
  }
}

/** A way to the broker that can be broken. */
async function lineTo(address: string) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const far = dialTo(Number(new URL(address).port), '127.0.0.1');
    socket.pipe(far).pipe(socket);
    for (const one of [socket, far]) one.on('error', () => undefined);
    sockets.push(socket, far);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, sockets, close: () => server.close() };
}

/** A queue that nobody uses is gone after a while. */
const UNUSED_MS = 600_000;

const siteAt = (address: string): Site => ({
  config: configOf(address),
  wrong: configOf(address, { password: 'wrong' }),
  make: () =>
    withChannel(address, async (channel) => (await channel.assertQueue(newName(), { expires: UNUSED_MS })).queue),
  trigger: (queue) => ({ queue }),
  publish: (routingKey) => ({ routingKey }),
  send: (queue, messages) =>
    withChannel(address, async (channel) => {
      for (const { value, headers = {} } of messages) {
        channel.sendToQueue(queue, Buffer.from(value ?? ''), { headers, persistent: true, messageId: newId() });
      }
    }),
  close: async () => undefined,
});

describeBroker('rabbitmq', (address) => {
  brokerSuite({
    create: () => rabbitmqBroker(egress),
    site: async () => siteAt(address),
    own: async () => {
      const broker = await ownBroker('rabbitmq');
      return { broker, site: siteAt(broker.address) };
    },
    large: async () => ({ site: siteAt(address), place: await siteAt(address).make(), dispose: async () => undefined }),
    isOrdered: true,
  });

  const broker = rabbitmqBroker(egress);
  let sender: ReturnType<typeof broker.sender>;
  beforeAll(() => {
    sender = broker.sender({ id: 'c', updatedAt: 1, config: configOf(address) });
  });
  /** Exchanges, and queues of groups. */
  const made: string[] = [];
  const named = () => made[made.push(newName()) - 1] as string;
  afterAll(async () => {
    await sender?.close();
    if (address !== '') await withChannel(address, removeMade);
  });
  const removeMade = async (channel: Channel) => {
    for (const name of made) {
      await channel.deleteQueue(name);
      await channel.deleteExchange(name);
    }
  };

  const queue = (options: Options.AssertQueue = {}) =>
    withChannel(
      address,
      async (channel) => (await channel.assertQueue(newName(), { expires: UNUSED_MS, ...options })).queue,
    );
  const put = (name: string, texts: readonly string[], options: Options.Publish = {}) =>
    withChannel(address, async (channel) => {
      for (const text of texts) channel.sendToQueue(name, Buffer.from(text), options);
    });
  const count = (name: string) =>
    withChannel(address, async (channel) => (await channel.checkQueue(name)).messageCount);

  /** As a trigger would; `take` may say what becomes of each batch. */
  function listen(
    config: object,
    {
      at = configOf(address),
      group = named(),
      batch = 10,
      take = async (_batch: readonly ReceivedMessage[]) => {},
    } = {},
  ) {
    const over = new AbortController();
    const listening = Promise.withResolvers<void>();
    const messages: ReceivedMessage[] = [];
    const ended = broker.consume(
      {
        ...{ connection: { id: 'c', updatedAt: 1, config: at }, config: { ...config }, group, batch },
        ...{ ...UNHEARD, listening: listening.resolve },
        take: async (all) => {
          await take(all);
          messages.push(...all);
        },
      },
      over.signal,
    );
    ended.catch(listening.reject);
    listening.promise.catch(() => undefined);
    const stop = async () => {
      over.abort();
      await ended;
    };
    return {
      messages,
      group,
      ended,
      stop,
      listening: listening.promise,
      texts: () => messages.map(({ value }) => String(value)),
    };
  }
  const publish = (to: object, text = '1', headers = {}) =>
    sender.send(
      [
        {
          to: { exchange: '', routingKey: '', persistent: true, mandatory: true, ...to },
          ...{ value: Buffer.from(text), headers, id: newId() },
        },
      ],
      forever,
    );

  test.each<[string, object, object, object]>([
    ['direct', { routingKey: 'red' }, { routingKey: 'red' }, { routingKey: 'blue' }],
    ['topic', { routingKey: ['order.*', 'refund.#'] }, { routingKey: 'refund.a.b' }, { routingKey: 'order.a.b' }],
    [
      'headers',
      { headers: { vip: 'yes', at: 'x' }, match: 'any' },
      { headers: { vip: 'yes' } },
      { headers: { vip: 'no' } },
    ],
  ])('an exchange of kind %s hands on what is bound', async (kind, binding, wanted, other) => {
    const exchange = named();
    const declare = { kind };
    const heard = listen({ exchange, declare, ...binding });
    await heard.listening;
    const send = ({ headers = {}, ...to }: { headers?: object }, text: string) =>
      publish({ exchange, declare, ...to }, text, headers);
    await expect(send(other, 'other')).rejects.toMatchObject({ code: 'broker_refused' });
    await send(wanted, 'wanted');
    await expect.poll(heard.texts).toEqual(['wanted']);
    expect(heard.messages[0]?.place).toMatchObject({ exchange, queue: heard.group });
    await heard.stop();
    expect(await count(heard.group)).toBe(0);
  });

  test('an exchange of kind fanout hands everything to each group', async () => {
    const declare = { kind: 'fanout' };
    const exchange = named();
    const both = [listen({ exchange, declare }), listen({ exchange, declare })];
    for (const one of both) await one.listening;
    await publish({ exchange }, 'all');
    for (const one of both) {
      await expect.poll(one.texts).toEqual(['all']);
      await one.stop();
    }
  });

  test('what has a higher priority comes first', async () => {
    const name = await queue({ maxPriority: 5 });
    for (const priority of [1, 5, 3]) await publish({ routingKey: name, priority }, `${priority}`);
    const heard = listen({ queue: name });
    await expect.poll(heard.texts).toEqual(['5', '3', '1']);
    await heard.stop();
  });

  test('what no queue gets is refused, or goes nowhere where that is wanted', async () => {
    const name = newName();
    await expect(publish({ routingKey: name })).rejects.toThrow(`There is no queue ${name}`);
    expect(await publish({ routingKey: name, mandatory: false })).toMatchObject([{ exchange: '', routingKey: name }]);
    await expect(publish({ exchange: name })).rejects.toThrow(`There is no exchange ${name}`);
    // That hinders nobody else.
    const there = await queue();
    await publish({ routingKey: there });
    expect(sender.isBroken).toBe(false);
    expect(await count(there)).toBe(1);
  });

  test('what a full queue does not take is refused', async () => {
    const name = await queue({ maxLength: 1, overflow: 'reject-publish' });
    await publish({ routingKey: name });
    await expect(publish({ routingKey: name })).rejects.toMatchObject({
      ...{ code: 'broker_refused', message: expect.stringContaining('takes no more') },
    });
    expect(sender.isBroken).toBe(false);
  });

  test('the content type is a property', async () => {
    const name = await queue();
    await publish({ routingKey: name }, '1', { 'content-type': 'application/json', a: 'b' });
    const heard = listen({ queue: name });
    await expect.poll(heard.texts).toEqual(['1']);
    expect(heard.messages[0]?.headers).toEqual({ 'content-type': 'application/json', a: 'b' });
    expect(heard.messages[0]?.place).toMatchObject({ properties: { appId: 'myelin' } });
    await heard.stop();
  });

  test('what is delayed comes later, by its exchange', async () => {
    const exchange = named();
    const heard = listen({ exchange, declare: { kind: 'topic' }, routingKey: 'a.*' });
    await heard.listening;
    await publish({ exchange, routingKey: 'a.b', delay: 300 }, 'late');
    await publish({ exchange, routingKey: 'a.c' }, 'now');
    await expect.poll(heard.texts, { timeout: 5_000 }).toEqual(['now', 'late']);
    expect(heard.messages[1]?.place).toMatchObject({ exchange, routingKey: 'a.b' });
    await heard.stop();
  });

  test('a queue drops what has expired', async () => {
    const name = await queue();
    await publish({ routingKey: name, expiration: 1 });
    await expect.poll(() => count(name)).toBe(0);
  });

  test('a process has no more in hand than its prefetch, and what it had comes to another', async () => {
    const name = await queue();
    await put(name, ['1', '2', '3', '4', '5']);
    const held = Promise.withResolvers<void>();
    const slow = listen({ queue: name, prefetch: 2 }, { take: () => held.promise });
    await expect.poll(() => count(name)).toBe(3);
    const quick = listen({ queue: name });
    await expect.poll(quick.texts).toEqual(['3', '4', '5']);
    const stopped = slow.stop();
    held.reject(new Error('over'));
    await stopped;
    await expect.poll(() => quick.texts().toSorted()).toEqual(['1', '2', '3', '4', '5']);
    await quick.stop();
  });

  test('after a break before the acknowledgement a message with an id comes again as the same', async () => {
    const name = await queue();
    await put(name, ['1'], { messageId: 'm-1', appId: 'shop', timestamp: 1_700_000_000, contentType: 'text/plain' });
    const line = await lineTo(address);
    const at = configOf(address, { port: line.port });
    const breakOff = async () => {
      for (const one of line.sockets) one.destroy();
    };
    const first = listen({ queue: name }, { at, take: breakOff });
    await expect(first.ended).rejects.toMatchObject({ code: 'connection_failed' });
    const second = listen({ queue: name });
    await expect.poll(second.texts).toEqual(['1']);
    await second.stop();
    expect(second.messages[0]).toMatchObject({
      id: first.messages[0]?.id,
      timestamp: 1_700_000_000_000,
      headers: { 'content-type': 'text/plain' },
      place: { redelivered: true, properties: { messageId: 'm-1', appId: 'shop' } },
    });
    expect(await count(name)).toBe(0);
    line.close();
  });

  test('a server that takes nothing for want of memory is told', async () => {
    const name = await queue();
    const line = await lineTo(address);
    const through = broker.sender({ id: 'c', updatedAt: 1, config: configOf(address, { port: line.port }) });
    const to = { exchange: '', routingKey: name, persistent: true, mandatory: true };
    const send = () => through.send([{ to, value: null, id: newId() }], forever);
    await send();
    // What the server would say: the method connection.blocked.
    const reason = Buffer.from('\x06memory');
    const size = 4 + reason.length;
    line.sockets[0]?.write(
      Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, size, 0, 10, 0, 60]), reason, Buffer.from([0xce])]),
    );
    await expect.poll(() => through.isBroken).toBe(true);
    await expect(send()).rejects.toMatchObject({
      ...{ code: 'connection_failed', message: expect.stringContaining('short of memory') },
    });
    await through.close();
    line.close();
  });

  test('what does not decode goes to the dead-letter exchange where that is wanted', async () => {
    const dead = await queue();
    const exchange = named();
    const deadLetterExchange = named();
    await withChannel(address, async (channel) => {
      await channel.assertExchange(deadLetterExchange, 'fanout');
      await channel.bindQueue(dead, deadLetterExchange, '');
    });
    const heard = listen({
      ...{ exchange, declare: { kind: 'fanout' }, deadLetterExchange, onInvalid: 'dead_letter_exchange' },
    });
    await heard.listening;
    for (const text of ['1', '{', '3', '[']) await publish({ exchange }, text);
    await expect.poll(heard.texts).toEqual(['1', '3']);
    await expect.poll(() => count(dead)).toBe(2);
    await heard.stop();
    expect(await count(heard.group)).toBe(0);
  });

  test.each<[string, () => Promise<object>, string]>([
    ['a queue that is not there', async () => ({ queue: 'nowhere' }), 'There is no queue nowhere'],
    ['an exchange that is not there', async () => ({ exchange: 'nowhere' }), 'There is no exchange nowhere'],
    [
      'an exchange of another kind',
      async () => ({ exchange: 'amq.topic', declare: { kind: 'direct' } }),
      'in another way',
    ],
    [
      'a stream',
      async () => {
        const name = named();
        await withChannel(address, (channel) => channel.assertQueue(name, { arguments: { 'x-queue-type': 'stream' } }));
        await put(name, ['1']);
        return { queue: name };
      },
      'is a stream',
    ],
  ])('%s is told', async (_, make, words) => {
    const config = await make();
    const heard = listen(config);
    if (words === 'is a stream') {
      await heard.listening;
      await put((config as { queue: string }).queue, ['2']);
    }
    await expect(heard.ended).rejects.toMatchObject({
      ...{ code: 'broker_refused', message: expect.stringContaining(words) },
    });
  });

  test('a queue that is removed is told', async () => {
    const name = await queue();
    const heard = listen({ queue: name });
    await heard.listening;
    await withChannel(address, (channel) => channel.deleteQueue(name));
    await expect(heard.ended).rejects.toThrow('The queue was removed');
  });

  test.each<[string, Partial<RabbitmqConfig>, boolean]>([
    ['lets myelin into the virtual host /', {}, true],
    ['Wrong user or password', { password: 'wrong' }, false],
    ['no virtual host nowhere', { vhost: 'nowhere' }, false],
    ['takes no connections', { port: 1 }, false],
    ['speak', { tls: 'require' }, false],
  ])('a test of the connection says: %s', async (says, fields, ok) => {
    const result = await broker.test(configOf(address, fields), forever);
    expect(result).toMatchObject({ ok, message: expect.stringContaining(says) });
  });
});
