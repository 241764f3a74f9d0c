/** Starts an execution for each entry of a stream, or for each message of channels as long as somebody listens. */
import { z } from 'zod';
import { brokerTriggerFields, groupField, triggerConnection } from '../core/brokers/trigger-fields.ts';
import type { TriggerType } from '../core/trigger-type.ts';

const name = z.string().min(1).max(500);

export const redisTriggerConfig = z
  .strictObject({
    connection: triggerConnection('redis'),
    stream: name.optional().meta({ description: 'Key of the stream whose entries start executions' }),
    channels: name.optional().meta({
      description:
        'Instead of a stream: a pattern of channels (pub/sub), such as orders.*. What is published while nobody listens is lost',
    }),
    field: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Field of an entry that is the message, the others are headers; default data' }),
    group: groupField,
    from: z
      .enum(['earliest', 'latest'])
      .optional()
      .meta({ description: 'Where a group begins that is new at the stream; default latest' }),
    decode: brokerTriggerFields.decode,
    key: brokerTriggerFields.key,
    batch: brokerTriggerFields.batch,
  })
  .superRefine(({ stream, channels, field, from, group }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (stream === undefined && channels === undefined) fault('stream', 'is needed, or channels');
    if (channels === undefined) return;
    const ofStream = Object.entries({ stream, field, from, group }).filter(([, value]) => value !== undefined);
    for (const [path] of ofStream) fault(path, 'is of streams, and channels have none');
  });
export type RedisTriggerConfig = z.output<typeof redisTriggerConfig>;

export const redis: TriggerType<RedisTriggerConfig> = {
  type: 'redis',
  version: 1,
  description: 'Starts for each entry of a Redis stream, or each message of channels.',
  example: { connection: 'cache', stream: 'orders', from: 'earliest', key: '{{ $trigger.data.customer }}' },
  config: redisTriggerConfig,
  first: ['connection', 'stream', 'channels'],
};
