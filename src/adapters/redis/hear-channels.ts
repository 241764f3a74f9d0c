/**
 * Messages of channels, of which Redis keeps nothing: at most once. Of all processes one hears them, who holds a key of
 * the server for it, since each would start its own executions.
 */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { ReceivedMessage, Subscription } from '../../ports/brokers.ts';

export interface Ears {
  readonly client: Redis;
  /** For commands: a connection that hears channels takes none. */
  readonly other: Redis;
}

const HELD_MS = 10_000;
const LOOK_MS = 2_000;
/** Messages that wait to be taken; those beyond are lost, as all are that come while nobody listens. */
const MOST_WAITING = 10_000;

const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0`;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/** Resolves when the signal ends it. Throws what the library throws. */
export async function hearChannels({ client, other }: Ears, subscription: Subscription, signal: AbortSignal) {
  const lock = `myelin:${subscription.group}:listener`;
  const me = randomUUID();
  const heard = inbox(client);
  // It waits for its turn, and is ready all the same.
  subscription.listening();
  let isMine = false;
  try {
    for (let lookAt = 0; !signal.aborted; ) {
      if (performance.now() >= lookAt) {
        const held: boolean = isMine
          ? (await other.eval(RENEW, 1, lock, me, HELD_MS)) === 1
          : (await other.set(lock, me, 'PX', HELD_MS, 'NX')) !== null;
        if (held && !isMine) await client.psubscribe(String(subscription.config.channels));
        if (!held && isMine) await client.punsubscribe();
        isMine = held;
        lookAt = performance.now() + LOOK_MS;
      }
      const batch = heard.take(subscription.batch);
      if (batch.length > 0) await subscription.take(batch);
      else await heard.next(lookAt - performance.now(), signal);
    }
  } finally {
    if (isMine) await other.eval(RELEASE, 1, lock, me).catch(() => undefined);
  }
}

function inbox(client: Redis) {
  const waiting: ReceivedMessage[] = [];
  let isOver = false;
  let wake = () => {};
  client.on('pmessageBuffer', (_pattern: Buffer, channel: Buffer, value: Buffer) => {
    if (waiting.length >= MOST_WAITING) return;
    waiting.push({ id: randomUUID(), value, timestamp: Date.now(), place: { channel: channel.toString() } });
    wake();
  });
  client.on('end', () => {
    isOver = true;
    wake();
  });

  /** Resolves with the next message, at the latest after so many milliseconds. Throws where the connection broke. */
  async function next(ms: number, signal: AbortSignal): Promise<void> {
    if (waiting.length > 0) return;
    if (isOver) throw Object.assign(new Error('The connection has ended.'), { code: 'ECONNRESET' });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, ms));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', wake, { once: true });
    });
  }
  return { take: (limit: number) => waiting.splice(0, limit), next };
}
