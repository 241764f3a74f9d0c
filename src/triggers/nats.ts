/** Starts an execution for each message of a JetStream stream; consumers of one group share them. */
import { z } from 'zod';
import { subjectFilter } from '../core/brokers/subject.ts';
import { brokerTriggerFields, groupField, triggerConnection } from '../core/brokers/trigger-fields.ts';
import type { TriggerType } from '../core/trigger-type.ts';

export const natsTriggerConfig = z
  .strictObject({
    connection: triggerConnection('nats'),
    subject: subjectFilter.meta({ description: 'Subject whose messages start executions, such as orders.*' }),
    stream: z
      .string()
      .regex(/^[^\s.*>/\\]{1,255}$/, 'takes the name of a stream: no spaces, points, *, >, / or \\')
      .optional()
      .meta({ description: 'Stream that holds them, where several take the subject; default the one that does' }),
    group: groupField.meta({
      description: 'Name of the durable consumer, without points; default myelin-WORKFLOW-TRIGGER',
    }),
    from: z
      .enum(['earliest', 'latest'])
      .optional()
      .meta({ description: 'Where a group begins that is new at the stream; default latest' }),
    fromSequence: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'Instead of `from`: the sequence in the stream with which a new group begins' }),
    decode: brokerTriggerFields.decode,
    key: brokerTriggerFields.key,
    batch: brokerTriggerFields.batch,
  })
  .superRefine(({ group, from, fromSequence }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (group?.includes('.') === true) fault('group', 'is the name of a consumer, which has no points');
    if (from !== undefined && fromSequence !== undefined) fault('fromSequence', 'takes the place of `from`: give one');
  });
export type NatsTriggerConfig = z.output<typeof natsTriggerConfig>;

export const nats: TriggerType<NatsTriggerConfig> = {
  type: 'nats',
  version: 1,
  description: 'Starts for each message of a NATS JetStream stream.',
  example: { connection: 'events', subject: 'orders.*', from: 'earliest', key: '{{ $trigger.subject }}' },
  config: natsTriggerConfig,
};
