import type { Message } from '@platformatic/kafka';
import type { ReceivedMessage } from '../../ports/brokers.ts';

/** The id is made of that of the topic, which another topic of the same name has not. */
export function toReceived(message: Message<Buffer, Buffer, Buffer, Buffer>, topicId: string): ReceivedMessage {
  const { topic, partition, offset, timestamp } = message;
  // What the library calls by the type has it undefined where Kafka has null.
  const { key, value } = message as { readonly key?: Buffer; readonly value?: Buffer };
  return {
    id: `${topicId}/${partition}/${offset}`,
    value: value ?? null,
    key: key ?? null,
    headers: Object.fromEntries([...message.headers].map(([name, one]) => [name.toString(), one ?? ''])),
    timestamp: Number(timestamp),
    place: { topic, partition, offset: Number(offset) },
  };
}
