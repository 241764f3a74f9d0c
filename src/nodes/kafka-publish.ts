import { z } from 'zod';
import { bytesOf, ID_HEADER, publishFields, wordOf, wordsOf } from '../core/brokers/publish.ts';
import { connectionDependency, connectionField } from '../core/connections/connection-field.ts';
import { kafka } from '../core/connections/types/kafka.ts';
import { dynamic } from '../core/dynamic.ts';
import type { NodeResult, TaskContext, TaskNode } from '../core/node-type.ts';
import type { Publishers } from '../ports/brokers.ts';

export const kafkaPublishConfig = z.strictObject({
  connection: connectionField(kafka),
  topic: dynamic(z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, 'takes letters, digits, point, _ and -, at most 249')),
  key: publishFields.key,
  headers: publishFields.headers,
  value: publishFields.value,
});
export type KafkaPublishConfig = z.infer<typeof kafkaPublishConfig>;

/** Output `{ topic, partition, offset }`. Throws `broker_refused`, `connection_failed`, `limit_exceeded`, `config_invalid`. */
export function kafkaPublishNode(publishers: Publishers): TaskNode<KafkaPublishConfig> {
  return {
    type: 'kafka.publish',
    version: 1,
    description: 'Sends a message to a Kafka topic; it is done when all replicas have it.',
    example: { connection: 'events', topic: 'orders', key: '{{ $json.id }}', value: '{{ $json }}' },
    config: kafkaPublishConfig,
    first: ['connection', 'topic', 'key', 'value'],
    ports: () => ['out', 'error'],
    effect: () => 'idempotent',
    dependency: connectionDependency,
    target,
    run: (config, task) => run(publishers, config, task),
  };
}

const target = ({ topic }: KafkaPublishConfig) => ({ topic });

async function run(publishers: Publishers, config: KafkaPublishConfig, task: TaskContext): Promise<NodeResult> {
  const value = bytesOf('value' in config ? config.value : task.input);
  const key = wordOf('key', config.key);
  const headers = { ...wordsOf('headers', config.headers), [ID_HEADER]: task.idempotencyKey };
  const to = target(config);
  const connection = await task.connection(config.connection, 'kafka');
  const message = { to, value, headers, id: task.idempotencyKey, ...(key !== undefined && { key }) };
  const [output] = await publishers.publish('kafka', connection, [message], task.signal);
  return { output };
}
