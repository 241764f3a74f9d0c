/** Starts an execution for each message of a queue, or of a queue of its own that an exchange fills. */
import { z } from 'zod';
import { declareField } from '../core/brokers/exchange.ts';
import { brokerTriggerFields, DEFAULT_BATCH, groupField, triggerConnection } from '../core/brokers/trigger-fields.ts';
import { durationSchema, parseDuration } from '../core/duration.ts';
import type { TriggerType } from '../core/trigger-type.ts';

/** AMQP counts bytes; what is longer in UTF-8 the server refuses. */
const name = z.string().min(1).max(255);
/** What RabbitMQ counts in 32 bits. */
const LONGEST_MS = 2 ** 32 - 1;
const retryDelay = durationSchema.refine((text) => {
  const ms = parseDuration(text);
  return ms >= 1_000 && ms <= LONGEST_MS;
}, 'takes from 1s to 49d');
const routingKey = z.string().max(255);

export const rabbitmqTriggerConfig = z
  .strictObject({
    connection: triggerConnection('rabbitmq'),
    queue: name.optional().meta({ description: 'Queue whose messages start executions; it must be there' }),
    exchange: name.optional().meta({
      description: 'Instead of a queue: an exchange, whose messages go to a durable queue with the name of the group',
    }),
    declare: declareField.optional(),
    routingKey: z
      .union([routingKey, z.array(routingKey).min(1).max(100)])
      .optional()
      .meta({
        description: 'Messages of the exchange that are wanted; default #, which a topic exchange takes as all',
      }),
    headers: z
      .record(z.string().min(1).max(200), z.union([z.string().max(1_000), z.number(), z.boolean()]))
      .optional()
      .meta({ description: 'Of an exchange of headers: those that a wanted message has' }),
    match: z.enum(['all', 'any']).optional().meta({ description: 'How many of `headers` it has; default all' }),
    group: groupField,
    maxPriority: z
      .int()
      .min(1)
      .max(255)
      .optional()
      .meta({ description: 'Of the queue with the name of the group: higher priorities, up to this one, come first' }),
    deadLetterExchange: name.optional().meta({
      description: 'Of the queue with the name of the group: where it hands on what is rejected',
    }),
    onInvalid: z
      .enum(['dead_letter', 'dead_letter_exchange'])
      .optional()
      .meta({
        description:
          'What becomes of a message that does not decode: a dead letter here (default), or it is rejected, and the ' +
          'queue hands it to its dead-letter exchange. A queue without one drops it',
      }),
    retry: z
      .strictObject({ delay: retryDelay, attempts: z.int().min(1).max(100) })
      .optional()
      .meta({
        description:
          'A message that cannot be taken comes again after `delay`, up to `attempts` times, and then is a dead letter: ' +
          'such as { delay: 5m, attempts: 3 }. Default: a dead letter at once',
      }),
    prefetch: z.int().min(1).max(20_000).optional().meta({
      description:
        'Messages that a process has in hand before they are acknowledged; default 100. More is quicker where they are small',
    }),
    decode: brokerTriggerFields.decode,
    key: brokerTriggerFields.key,
    batch: brokerTriggerFields.batch.meta({
      description: `Messages of one transaction, at most: those that are there; default ${DEFAULT_BATCH}`,
    }),
  })
  .superRefine((config, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const { queue, exchange, declare, routingKey, headers, match, group, maxPriority, deadLetterExchange } = config;
    if ((queue === undefined) === (exchange === undefined)) fault('queue', 'is needed, or exchange, and not both');
    if (exchange === undefined) {
      const own = { declare, routingKey, headers, match, group, maxPriority, deadLetterExchange };
      const ofExchange = Object.entries(own).filter(([, value]) => value !== undefined);
      for (const [path] of ofExchange) fault(path, 'goes with exchange: a queue that is there is as it is');
      return;
    }
    if (match !== undefined && headers === undefined) fault('match', 'goes with headers');
    const kind = declare?.kind;
    if (kind === 'direct' && routingKey === undefined) fault('routingKey', 'is needed of a direct exchange');
    if (headers !== undefined && kind !== undefined && kind !== 'headers') {
      fault('headers', `is heeded by an exchange of headers, not by one of kind ${kind}`);
    }
    if (config.onInvalid === 'dead_letter_exchange' && deadLetterExchange === undefined) {
      fault('deadLetterExchange', 'is needed: without one what is rejected is lost');
    }
  });
export type RabbitmqTriggerConfig = z.output<typeof rabbitmqTriggerConfig>;

export const rabbitmq: TriggerType<RabbitmqTriggerConfig> = {
  type: 'rabbitmq',
  version: 1,
  description: 'Starts for each message of a RabbitMQ queue, or of an exchange.',
  example: { connection: 'rabbit', queue: 'orders', key: '{{ $trigger.data.customer }}' },
  config: rabbitmqTriggerConfig,
  first: ['connection', 'queue', 'exchange', 'routingKey'],
};
