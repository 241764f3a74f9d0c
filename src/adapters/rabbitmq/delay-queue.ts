import { createHash } from 'node:crypto';
import type { ConfirmChannel } from 'amqplib';

/** A queue of delayed messages that nobody has sent to for so long, beyond its delay, is removed. */
const UNUSED_MS = 3_600_000;

/**
 * A queue that nobody reads, whose messages go on to their exchange when their time is up: one for each target and delay,
 * since the server looks only at the first message of a queue. It is declared each time, or the server might take it
 * for unused and remove it.
 */
export async function delayQueue(
  channel: ConfirmChannel,
  { exchange, routingKey }: { readonly exchange: string; readonly routingKey: string },
  delay: number,
): Promise<string> {
  const hash = createHash('sha256')
    .update(JSON.stringify([exchange, routingKey]))
    .digest('hex')
    .slice(0, 32);
  const { queue } = await channel.assertQueue(`myelin.delay.${delay}.${hash}`, {
    ...{ durable: true, messageTtl: delay, expires: delay + UNUSED_MS },
    ...{ deadLetterExchange: exchange, deadLetterRoutingKey: routingKey },
  });
  return queue;
}
