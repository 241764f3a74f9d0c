/** Redis, by `ioredis`: streams with consumer groups, and channels. */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { RedisConfig } from '../../core/connections/types/redis.ts';
import type { Broker, BrokerConnection, Sender, Subscription } from '../../ports/brokers.ts';
import type { TestResult } from '../../ports/connections.ts';
import type { Egress } from '../../ports/egress.ts';
import { add } from './add.ts';
import { type Dial, dialer } from './client.ts';
import { hearChannels } from './hear-channels.ts';
import { OURS, readStream } from './read-stream.ts';
import { redisError } from './trouble.ts';

export function redisBroker(egress: Pick<Egress, 'resolve'>): Broker {
  const dial = dialer(egress);
  /** The name of this process in every group. */
  const name = OURS + randomUUID();
  return {
    type: 'redis',
    consume: (subscription, signal) => consume(dial, name, subscription, signal),
    sender: (connection) => senderOf(dial, connection),
    test: (config, signal) => tryIt(dial, config as RedisConfig, signal),
    close: async () => undefined,
  };
}

async function consume(dial: Dial, name: string, subscription: Subscription, signal: AbortSignal): Promise<void> {
  const config = subscription.connection.config as RedisConfig;
  const open: Redis[] = [];
  const cut = () => open[0]?.disconnect();
  try {
    for (const _ of ['client', 'other']) open.push(await dial(config, signal));
    const [client, other] = open as [Redis, Redis];
    // What it waits for is cut off; what it still has to say, it says by the other.
    signal.addEventListener('abort', cut, { once: true });
    if (signal.aborted) return;
    const { channels } = subscription.config;
    if (channels === undefined) await readStream({ client, other, name }, subscription, signal);
    else await hearChannels({ client, other }, subscription, signal);
  } catch (error) {
    if (!signal.aborted) throw redisError(error, config);
  } finally {
    signal.removeEventListener('abort', cut);
    for (const client of open) client.disconnect();
  }
}

function senderOf(dial: Dial, connection: BrokerConnection): Sender {
  const config = connection.config as RedisConfig;
  const over = new AbortController();
  let isBroken = false;
  let client: Promise<Redis> | undefined;
  const connected = () => {
    client ??= dial(config, over.signal).then((one) => {
      one.once('end', () => {
        isBroken = true;
      });
      return one;
    });
    return client;
  };
  return {
    send: async (messages) => {
      try {
        const one = await connected();
        // Pipelined, in this order.
        return await Promise.all(messages.map((message) => add(one, message)));
      } catch (error) {
        isBroken ||= client === undefined || (await client.then(({ status }) => status !== 'ready').catch(() => true));
        throw redisError(error, config);
      }
    },
    get isBroken() {
      return isBroken;
    },
    close: async () => {
      over.abort();
      await client?.then((one) => one.disconnect()).catch(() => undefined);
    },
  };
}

async function tryIt(dial: Dial, config: RedisConfig, signal: AbortSignal): Promise<TestResult> {
  try {
    const client = await dial(config, signal);
    try {
      const info = await client.info('server');
      const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'of an unknown version';
      const who = config.password === undefined ? 'takes us without a password' : 'lets us in';
      return { ok: true, message: `Redis ${version} ${who}.`, details: { version } };
    } finally {
      client.disconnect();
    }
  } catch (error) {
    const { code, message } = redisError(error, config);
    return { ok: false, message, details: { code } };
  }
}
