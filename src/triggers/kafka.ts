/** Starts an execution for each message of a topic; consumers of one group share them. */
import { z } from 'zod';
import { brokerTriggerFields, groupField, triggerConnection } from '../core/brokers/trigger-fields.ts';
import type { TriggerType } from '../core/trigger-type.ts';

export const kafkaTriggerConfig = z.strictObject({
  connection: triggerConnection('kafka'),
  topic: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,249}$/, 'takes letters, digits, point, _ and -, at most 249')
    .meta({ description: 'Topic whose messages start executions' }),
  group: groupField,
  from: z
    .enum(['earliest', 'latest'])
    .optional()
    .meta({ description: 'Where a group begins that has read nothing yet; default latest' }),
  fromOffset: z
    .record(z.string().regex(/^\d{1,6}$/, 'takes the number of a partition'), z.int().min(0))
    .optional()
    .meta({ description: 'As `from`, by partition: where a group begins that has read nothing of it yet' }),
  decode: brokerTriggerFields.decode,
  key: brokerTriggerFields.key,
  batch: brokerTriggerFields.batch,
});
export type KafkaTriggerConfig = z.output<typeof kafkaTriggerConfig>;

export const kafka: TriggerType<KafkaTriggerConfig> = {
  type: 'kafka',
  version: 1,
  description: 'Starts for each message of a Kafka topic.',
  example: { connection: 'events', topic: 'orders', from: 'earliest', key: '{{ $trigger.key }}' },
  config: kafkaTriggerConfig,
  first: ['connection', 'topic', 'key'],
};
