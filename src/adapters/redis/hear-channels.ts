/**
 * Messages of channels, of which Redis keeps nothing: at most once. Of all processes one hears them, who holds a key of
 * the server for it, since each would start its own executions. What comes when the key may have run out is the next
 * one's: it is dropped where another has the key by then.
 */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { LARGEST_READ } from '../../core/brokers/received.ts';
import type { ReceivedMessage, Subscription } from '../../ports/brokers.ts';

export interface Ears {
  readonly client: Redis;
  /** For commands: a connection that hears channels takes none. */
  readonly other: Redis;
  /** How long the key is held without a word; default 10 s. */
  readonly heldMs?: number;
}

const HELD_MS = 10_000;
/** Messages that wait to be taken, and their bytes; those beyond are lost, as all are that come while nobody listens. */
const MOST_WAITING = 10_000;
const LARGEST_WAITING = 4 * LARGEST_READ;

const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0`;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/** Resolves when the signal ends it. Throws what the library throws. */
export async function hearChannels(
  { client, other, heldMs = HELD_MS }: Ears,
  subscription: Subscription,
  signal: AbortSignal,
): Promise<void> {
  const lock = `myelin:${subscription.group}:listener`;
  const me = randomUUID();
  const heard = inbox(client);
  // It waits for its turn, and is ready all the same.
  subscription.listening();
  let isMine = false;
  /** Nobody else has had the key before this moment. */
  let mineUntil = 0;
  try {
    for (let lookAt = 0; !signal.aborted; ) {
      const now = performance.now();
      if (now >= lookAt) {
        const held: boolean = isMine
          ? (await other.eval(RENEW, 1, lock, me, heldMs)) === 1
          : (await other.set(lock, me, 'PX', heldMs, 'NX')) !== null;
        if (held && !isMine) await client.psubscribe(String(subscription.config.channels));
        if (!held && isMine) {
          await client.punsubscribe();
          heard.drop(mineUntil);
        }
        isMine = held;
        if (held) mineUntil = now + heldMs;
        lookAt = performance.now() + heldMs / 5;
      }
      const batch = heard.take(subscription.batch, mineUntil);
      if (batch.length > 0) await subscription.take(batch);
      else await heard.next(lookAt - performance.now(), signal);
    }
  } finally {
    if (isMine) await other.eval(RELEASE, 1, lock, me).catch(() => undefined);
  }
}

interface Heard {
  readonly message: ReceivedMessage;
  /** By the clock of the process. */
  readonly at: number;
}

function inbox(client: Redis) {
  let waiting: Heard[] = [];
  let bytes = 0;
  let isOver = false;
  let wake = () => {};
  client.on('pmessageBuffer', (_pattern: Buffer, channel: Buffer, value: Buffer) => {
    if (waiting.length >= MOST_WAITING || bytes >= LARGEST_WAITING) return;
    const message = { id: randomUUID(), value, timestamp: Date.now(), place: { channel: channel.toString() } };
    waiting.push({ message, at: performance.now() });
    bytes += value.length;
    wake();
  });
  client.on('end', () => {
    isOver = true;
    wake();
  });

  /** Resolves with the next message, at the latest after so many milliseconds. Throws where the connection broke. */
  async function next(ms: number, signal: AbortSignal): Promise<void> {
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
  /** Those that came before a moment. */
  function take(limit: number, before: number): ReceivedMessage[] {
    const late = waiting.findIndex(({ at }) => at >= before);
    const taken = waiting.splice(0, Math.min(limit, late < 0 ? waiting.length : late));
    bytes -= sizeOf(taken);
    return taken.map(({ message }) => message);
  }
  function drop(from: number): void {
    waiting = waiting.filter(({ at }) => at < from);
    bytes = sizeOf(waiting);
  }
  return { take, drop, next };
}

const sizeOf = (all: readonly Heard[]): number =>
  all.reduce((sum, { message }) => sum + (message.value?.length ?? 0), 0);
