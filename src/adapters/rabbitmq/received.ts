import { randomUUID } from 'node:crypto';
import type { ConsumeMessage } from 'amqplib';
import type { ReceivedMessage } from '../../ports/brokers.ts';

const PROPERTIES = ['messageId', 'correlationId', 'replyTo', 'type', 'appId', 'userId', 'priority'] as const;

/**
 * The id is the property `message-id` with that of the application that gave it. The server gives none, and nothing of a
 * message without one tells it from another that says the same: each time it comes it is a new one.
 */
export function toReceived({ content, fields, properties }: ConsumeMessage, queue: string): ReceivedMessage {
  const { messageId, appId, timestamp, contentType } = properties;
  const { exchange, routingKey, redelivered } = fields;
  const own = PROPERTIES.map((name) => [name, properties[name]] as const).filter(([, value]) => value !== undefined);
  const headers = Object.entries(properties.headers ?? {}).map(([name, value]) => [name, textOrBytes(value)] as const);
  return {
    id: messageId === undefined || messageId === '' ? randomUUID() : JSON.stringify([messageId, appId ?? '']),
    value: content,
    headers: {
      ...(contentType !== undefined && { 'content-type': String(contentType) }),
      ...Object.fromEntries(headers),
    },
    // Whole seconds.
    ...(typeof timestamp === 'number' && { timestamp: timestamp * 1_000 }),
    place: { queue, exchange, routingKey, redelivered, properties: Object.fromEntries(own) },
  };
}

/** Tables of AMQP have numbers, dates and tables of their own. */
function textOrBytes(value: unknown): string | Uint8Array {
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
