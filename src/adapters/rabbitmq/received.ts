import { randomUUID } from 'node:crypto';
import type { ConsumeMessage } from 'amqplib';
import type { Decoding } from '../../core/brokers/decode.ts';
import { readEvent } from '../../core/brokers/read-event.ts';
import type { Received } from '../../core/brokers/received.ts';
import type { ReceivedMessage } from '../../ports/brokers.ts';

const PROPERTIES = ['messageId', 'correlationId', 'replyTo', 'type', 'appId', 'userId', 'priority'] as const;

/** With an id where the publisher gave one; otherwise it is a new message each time it comes. */
export function toReceived(message: ConsumeMessage, queue: string, how: Decoding): ReceivedMessage {
  const received = receivedOf(message, queue);
  return { ...received, id: idOf(message, received, how) ?? randomUUID() };
}

/**
 * The property `message-id` with that of the application that gave it, or what tells one CloudEvent from all others. The
 * server gives none, and nothing else of a message tells it from another that says the same.
 */
function idOf({ properties }: ConsumeMessage, received: Received, how: Decoding): string | undefined {
  const { messageId, appId = '' } = properties;
  if (messageId !== undefined && messageId !== '') return JSON.stringify([messageId, appId]);
  if (how !== 'cloudevents') return undefined;
  try {
    const { source, id } = readEvent(received);
    return JSON.stringify(['event', source, id]);
  } catch {
    // It becomes a dead letter.
    return undefined;
  }
}

function receivedOf({ content, fields, properties }: ConsumeMessage, queue: string): Received {
  const { timestamp, contentType } = properties;
  const { exchange, routingKey, redelivered } = fields;
  const own = PROPERTIES.map((name) => [name, properties[name]] as const).filter(([, value]) => value !== undefined);
  const headers = Object.entries(properties.headers ?? {}).map(([name, value]) => [name, textOrBytes(value)] as const);
  return {
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
