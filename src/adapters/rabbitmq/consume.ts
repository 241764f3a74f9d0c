/** One consumer of a queue: what is there is taken together, and acknowledged together after that. */
import type { Channel, ConsumeMessage } from 'amqplib';
import { type Decoding, decode } from '../../core/brokers/decode.ts';
import { MyelinError } from '../../core/errors.ts';
import type { Subscription } from '../../ports/brokers.ts';
import type { Client } from './client.ts';
import { declareSource } from './declare.ts';
import { putOffBy, type Retry } from './put-off.ts';
import { toReceived } from './received.ts';

/** What of a trigger's config it takes by. */
interface Manner {
  readonly onInvalid?: 'dead_letter' | 'dead_letter_exchange';
  readonly prefetch?: number;
  readonly decode?: Decoding;
  readonly retry?: Retry;
}

const LAG_EVERY_MS = 5_000;
const MOST_IN_HAND = 65_535;
/** The server counts messages, not bytes: all of them may be large. */
const PREFETCH = 100;

/** Resolves when the signal ends it. Throws what the library throws. */
export async function consume(client: Client, subscription: Subscription, signal: AbortSignal): Promise<void> {
  const { config, group, batch } = subscription;
  const {
    onInvalid = 'dead_letter',
    prefetch = Math.min(PREFETCH, 2 * batch),
    decode: how = 'json',
    retry,
  } = config as Manner;
  const channel = await client.model.createChannel();
  const inbox = inboxOf(channel, client, signal);
  const queue = await declareSource(channel, config, group);
  await channel.prefetch(Math.min(MOST_IN_HAND, prefetch));
  await channel.consume(queue, inbox.put);
  subscription.listening();
  const putOff = putOffBy(client, queue, retry);
  const received = (one: ConsumeMessage) => ({ ...toReceived(one, queue, how), again: putOff(one) });
  const lag = setInterval(() => void tellLag(client, queue, subscription), LAG_EVERY_MS);
  try {
    for (let all = await inbox.next(batch); all !== null; all = await inbox.next(batch)) {
      const invalid = onInvalid === 'dead_letter' ? [] : all.filter((one) => !isValid(one, queue, how));
      const wanted = all.filter((one) => !invalid.includes(one));
      if (wanted.length > 0) await subscription.take(wanted.map(received));
      inbox.check();
      for (const one of invalid) channel.reject(one, false);
      const last = wanted.at(-1);
      if (last !== undefined) channel.ack(last, true);
    }
  } catch (error) {
    // What was not taken comes again, to whoever listens then.
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(lag);
    await client.close(channel);
  }
}

function isValid(message: ConsumeMessage, queue: string, how: Decoding): boolean {
  try {
    decode(toReceived(message, queue, how), how);
    return true;
  } catch {
    return false;
  }
}

/** By a channel of its own: one that asks for a queue that is gone is closed. */
async function tellLag({ model }: Client, queue: string, subscription: Subscription): Promise<void> {
  try {
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    const { messageCount } = await channel.checkQueue(queue);
    subscription.lag(messageCount);
    await channel.close();
  } catch {
    // Whoever reads the queue is told of it.
  }
}

/** Messages that have come and are not taken; no more than the prefetch. */
function inboxOf(channel: Channel, client: Client, signal: AbortSignal) {
  const waiting: ConsumeMessage[] = [];
  let broken: unknown;
  let wake = () => {};
  const fail = (error: unknown) => {
    broken ??= error;
    wake();
  };
  channel.on('error', fail);
  channel.on('close', () => fail(new Error('Channel closed')));
  void client.ended.then(fail);
  signal.addEventListener('abort', () => wake(), { once: true });

  const put = (message: ConsumeMessage | null) => {
    if (message === null) {
      return fail(new MyelinError('connection_failed', 'The queue was removed, or has moved to another server.'));
    }
    // Of a stream a consumer gets only what comes while it listens: the rest would be lost.
    if (message.properties.headers?.['x-stream-offset'] !== undefined) {
      return fail(new MyelinError('broker_refused', 'The queue is a stream, which a trigger cannot read.'));
    }
    waiting.push(message);
    wake();
  };
  const check = () => {
    if (broken !== undefined) throw broken;
  };
  /** Whatever has come, at least one message; null when the signal has ended it. */
  async function next(limit: number): Promise<ConsumeMessage[] | null> {
    for (;;) {
      if (signal.aborted) return null;
      check();
      const batch = waiting.splice(0, limit);
      if (batch.length > 0) return batch;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return { put, next, check };
}
