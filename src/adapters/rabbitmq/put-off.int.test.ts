/** Messages that RabbitMQ is to give again later, against a real one. */
import { type ConfirmChannel, connect } from 'amqplib';
import { expect, test } from 'vitest';
import { rabbitmq } from '../../core/connections/types/rabbitmq.ts';
import type { ReceivedMessage } from '../../ports/brokers.ts';
import { describeBroker } from '../../testing/brokers.ts';
import { newName } from '../../testing/factories.ts';
import { UNHEARD } from '../../testing/unheard.ts';
import { rabbitmqBroker } from './rabbitmq.ts';

describeBroker('rabbitmq', (address) => {
  async function withChannel<T>(work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    const model = await connect(address);
    try {
      const channel = await model.createConfirmChannel();
      const result = await work(channel);
      await channel.waitForConfirms();
      return result;
    } finally {
      await model.close();
    }
  }

  test('what is put off comes again with all it had, as often as it may', { timeout: 30_000 }, async () => {
    const { hostname: host, port, username: user, password } = new URL(address);
    const config = rabbitmq.config.parse({ tls: 'off', host, port: Number(port), user, password });
    const queue = newName();
    await withChannel(async (channel) => {
      await channel.assertQueue(queue);
      for (const [at, text] of ['bad', 'good'].entries()) {
        const about = { messageId: `${at}`, appId: 'shop', headers: { a: 'b' }, contentType: 'text/plain' };
        channel.sendToQueue(queue, Buffer.from(text), about);
      }
    });
    const over = new AbortController();
    const seen: ReceivedMessage[] = [];
    const take = async (messages: readonly ReceivedMessage[]) => {
      for (const message of messages) {
        seen.push(message);
        if (String(message.value) !== 'bad') continue;
        await message.again?.();
        await message.again?.();
      }
      if (seen.length === 4) over.abort();
    };
    const trigger = { queue, retry: { delay: '1s', attempts: 2 } };
    const about = { connection: { id: 'c', updatedAt: 1, config }, config: trigger, group: 'g', batch: 10 };
    await rabbitmqBroker({ resolve: async (of) => of }).consume({ ...UNHEARD, ...about, take }, over.signal);
    expect(seen.map(({ id, value, again }) => [id, String(value), again !== undefined])).toEqual([
      ['["0","shop"]', 'bad', true],
      ['["1","shop"]', 'good', true],
      ['["0","shop"]', 'bad', true],
      ['["0","shop"]', 'bad', false],
    ]);
    expect(seen.at(-1)?.headers).toMatchObject({ a: 'b', 'content-type': 'text/plain', 'myelin-retry': '2' });
    await withChannel(async (channel) => {
      expect(await channel.deleteQueue(queue)).toEqual({ messageCount: 0 });
    });
  });

  test('nothing is kept of those that were put off', { timeout: 30_000 }, async () => {
    const { hostname: host, port, username: user, password } = new URL(address);
    const config = rabbitmq.config.parse({ tls: 'off', host, port: Number(port), user, password });
    const queue = newName();
    await withChannel(async (channel) => {
      await channel.assertQueue(queue);
      for (let at = 0; at < 12; at += 1) channel.sendToQueue(queue, Buffer.from('bad'), { messageId: `${at}` });
    });
    const warnings: string[] = [];
    const warned = ({ name }: Error) => warnings.push(name);
    process.on('warning', warned);
    const over = new AbortController();
    let count = 0;
    const take = async (messages: readonly ReceivedMessage[]) => {
      for (const message of messages) await message.again?.();
      count += messages.length;
      if (count === 12) over.abort();
    };
    const trigger = { queue, retry: { delay: '1h', attempts: 1 } };
    const about = { connection: { id: 'c', updatedAt: 1, config }, config: trigger, group: 'g', batch: 10 };
    await rabbitmqBroker({ resolve: async (of) => of }).consume({ ...UNHEARD, ...about, take }, over.signal);
    process.off('warning', warned);
    expect([count, warnings]).toEqual([12, []]);
    await withChannel((channel) => channel.deleteQueue(queue));
  });
});
