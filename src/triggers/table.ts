/** Starts an execution for each row of an outbox table, and deletes the row as soon as the execution is durable. */
import { z } from 'zod';
import { brokerTriggerFields, triggerConnection } from '../core/brokers/trigger-fields.ts';
import { durationSchema, parseDuration } from '../core/duration.ts';
import type { TriggerType } from '../core/trigger-type.ts';

const word = '[A-Za-z_][A-Za-z0-9_]{0,62}';

export const tableTriggerConfig = z.strictObject({
  connection: triggerConnection('postgres'),
  table: z
    .string()
    .regex(new RegExp(`^${word}(\\.${word})?$`), 'takes the name of a table such as outbox or shop.outbox')
    .meta({ description: 'Table with the columns id and payload, whose rows are taken and deleted' }),
  channel: z
    .string()
    .regex(new RegExp(`^${word}$`), 'takes the name of a channel such as outbox')
    .optional()
    .meta({ description: 'Channel of `notify` on which the table tells of new rows' }),
  every: durationSchema
    .refine((text) => parseDuration(text) >= 1_000 && parseDuration(text) <= 3_600_000, {
      error: 'must be from 1s to 1h',
      when: ({ issues }) => issues.length === 0,
    })
    .optional()
    .meta({ description: 'How often it looks where nothing tells of rows; default 5s' }),
  decode: brokerTriggerFields.decode,
  key: brokerTriggerFields.key,
  batch: brokerTriggerFields.batch,
});
export type TableTriggerConfig = z.output<typeof tableTriggerConfig>;

export const table: TriggerType<TableTriggerConfig> = {
  type: 'table',
  version: 1,
  description: 'Starts for each row of an outbox table in a PostgreSQL database.',
  example: { connection: 'shop-db', table: 'shop.outbox', channel: 'outbox', key: '{{ $trigger.key }}' },
  config: tableTriggerConfig,
};
