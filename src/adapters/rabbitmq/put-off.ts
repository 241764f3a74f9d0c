/** Messages that could not be taken come again later: a copy waits in a queue of delayed messages, and is confirmed. */
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { parseDuration } from '../../core/duration.ts';
import type { Client } from './client.ts';
import { delayQueue } from './delay-queue.ts';

/** Of a trigger's config. */
export interface Retry {
  readonly delay: string;
  readonly attempts: number;
}

/** How often a message was put off. */
const HEADER = 'myelin-retry';

/** Of a message that may come again, what puts it off; undefined where it had its tries. */
export function putOffBy({ model }: Client, queue: string, retry: Retry | undefined) {
  let opened: Promise<ConfirmChannel> | undefined;
  const open = async (): Promise<ConfirmChannel> => {
    const channel = await model.createConfirmChannel();
    // What broke it is told by the publish that is at work.
    channel.on('error', () => undefined);
    return channel;
  };
  return (message: ConsumeMessage): (() => Promise<void>) | undefined => {
    const count = Number(message.properties.headers?.[HEADER] ?? 0);
    if (retry === undefined || !(count < retry.attempts)) return undefined;
    const put = async () => {
      opened ??= open();
      await putOff(await opened, message, { queue, count: count + 1, delayMs: parseDuration(retry.delay) });
    };
    let copied: Promise<void> | undefined;
    // One copy, also of what is taken once more since the store was away in the middle of its batch.
    return () => {
      copied ??= put();
      return copied;
    };
  };
}

interface Later {
  readonly queue: string;
  readonly count: number;
  readonly delayMs: number;
}

async function putOff(channel: ConfirmChannel, message: ConsumeMessage, { queue, count, delayMs }: Later) {
  const { content, properties } = message;
  const { headers, contentType, contentEncoding, deliveryMode, priority, correlationId, replyTo } = properties;
  const { messageId, timestamp, type, appId } = properties;
  const delayed = await delayQueue(channel, { exchange: '', routingKey: queue }, delayMs);
  const options = {
    ...{
      contentType,
      contentEncoding,
      deliveryMode,
      priority,
      correlationId,
      replyTo,
      messageId,
      timestamp,
      type,
      appId,
    },
    headers: { ...headers, [HEADER]: count },
  };
  await new Promise<void>((resolve, reject) => {
    const fail = () => reject(new Error('Channel closed'));
    channel.once('close', fail);
    channel.publish('', delayed, content, options, (error: unknown) => {
      channel.off('close', fail);
      if (error === null) resolve();
      else reject(error);
    });
  });
}
