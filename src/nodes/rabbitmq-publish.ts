import { z } from 'zod';
import { declareField } from '../core/brokers/exchange.ts';
import { bytesOf, ID_HEADER, publishFields, wordsOf } from '../core/brokers/publish.ts';
import { connectionDependency, connectionField } from '../core/connections/connection-field.ts';
import { rabbitmq } from '../core/connections/types/rabbitmq.ts';
import { parseDuration } from '../core/duration.ts';
import { dynamic, resolved } from '../core/dynamic.ts';
import { MyelinError } from '../core/errors.ts';
import type { NodeResult, TaskContext, TaskNode } from '../core/node-type.ts';
import type { Publishers } from '../ports/brokers.ts';

const isShort = (text: string): boolean => new TextEncoder().encode(text).length <= 255;
const name = z.string().max(255).refine(isShort, 'takes at most 255 bytes');
const duration = z.union([z.string().min(1), z.number().min(0)]);

/** As they are when their templates have been resolved. */
const fields = {
  exchange: name.default(''),
  routingKey: z.union([name, z.number().transform(String)]).default(''),
  priority: z.int().min(0).max(255).optional(),
  expiration: duration.optional(),
  delay: duration.optional(),
  persistent: z.boolean().default(true),
  mandatory: z.boolean().default(true),
  declare: declareField.optional(),
};
const plain = z.strictObject(fields);

export const rabbitmqPublishConfig = z
  .strictObject({
    connection: connectionField(rabbitmq),
    exchange: dynamic(name).optional().describe('Where it goes; default the exchange that hands it to a queue'),
    routingKey: dynamic(name).optional().describe('By it the exchange finds queues; without exchange, a queue'),
    headers: publishFields.headers,
    value: publishFields.value,
    priority: dynamic(fields.priority.unwrap()).optional().describe('Heeded by a queue that was made with priorities'),
    expiration: dynamic(duration).optional().describe('A queue drops it when it was not taken within, such as 10m'),
    delay: dynamic(duration).optional().describe('How long it waits at the broker before it gets to the exchange'),
    persistent: z.boolean().optional().describe('Durable queues keep it when the server starts anew; default true'),
    mandatory: z.boolean().optional().describe('What no queue would get is refused; default true'),
    declare: declareField.optional(),
  })
  .superRefine(({ exchange = '', routingKey, delay, expiration, declare }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (exchange === '' && routingKey === undefined) fault('routingKey', 'is needed, or exchange');
    if (exchange === '' && declare !== undefined) fault('declare', 'goes with exchange');
    if (delay !== undefined && expiration !== undefined) fault('expiration', 'cannot be with delay');
  });
export type RabbitmqPublishConfig = z.infer<typeof rabbitmqPublishConfig>;

/** Of queues that hold what is delayed: what waits longer is better off in a node `delay`. */
const LONGEST_DELAY_MS = 30 * 86_400_000;

/**
 * Output `{ exchange, routingKey, messageId }`. Throws `broker_refused`, also for what no queue would get,
 * `connection_failed`, `limit_exceeded`, `config_invalid`.
 */
export function rabbitmqPublishNode(publishers: Publishers): TaskNode<RabbitmqPublishConfig> {
  return {
    type: 'rabbitmq.publish',
    version: 1,
    description: 'Sends a message to a RabbitMQ exchange or queue; it is done when the broker has confirmed it.',
    example: { connection: 'rabbit', exchange: 'shop', routingKey: 'order.shipped', value: '{{ $json }}' },
    config: rabbitmqPublishConfig,
    first: ['connection', 'exchange', 'routingKey', 'value'],
    ports: () => ['out', 'error'],
    effect: () => 'idempotent',
    dependency: connectionDependency,
    target,
    run: (config, task) => run(publishers, config, task),
  };
}

function target({ connection: _, headers: __, value: ___, ...rest }: RabbitmqPublishConfig) {
  const { expiration, delay, ...where } = resolved(plain, rest);
  if (where.exchange === '' && where.routingKey === '') {
    throw new MyelinError('config_invalid', 'routingKey: came to nothing, and without exchange it names the queue');
  }
  return { ...where, ...ms('expiration', expiration), ...ms('delay', delay) };
}

async function run(publishers: Publishers, config: RabbitmqPublishConfig, task: TaskContext): Promise<NodeResult> {
  const { connection: named, headers: given } = config;
  const value = bytesOf('value' in config ? config.value : task.input);
  const to = target(config);
  const headers = { ...wordsOf('headers', given), [ID_HEADER]: task.idempotencyKey };
  const connection = await task.connection(named, 'rabbitmq');
  const message = { to, value, headers, id: task.idempotencyKey };
  const [output] = await publishers.publish('rabbitmq', connection, [message], task.signal);
  return { output };
}

function ms(field: string, text: string | number | undefined): Record<string, number> {
  const value = text === undefined ? 0 : parseDuration(text);
  if (value > LONGEST_DELAY_MS) throw new MyelinError('config_invalid', `${field}: takes at most 30d`);
  // A message that expires at once would reach only who waits for it.
  return value === 0 ? {} : { [field]: value };
}
