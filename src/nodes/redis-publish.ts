import { z } from 'zod';
import { bytesOf, ID_HEADER, publishFields, wordsOf } from '../core/brokers/publish.ts';
import { connectionDependency, connectionField } from '../core/connections/connection-field.ts';
import { redis } from '../core/connections/types/redis.ts';
import { dynamic } from '../core/dynamic.ts';
import { MyelinError } from '../core/errors.ts';
import type { NodeResult, TaskContext, TaskNode } from '../core/node-type.ts';
import type { Publishers } from '../ports/brokers.ts';

const name = dynamic(z.string().min(1).max(500));

export const redisPublishConfig = z
  .strictObject({
    connection: connectionField(redis),
    stream: name.optional().describe('Key of the stream that gets an entry'),
    channel: name.optional().describe('Instead of a stream: the channel (pub/sub); who does not listen now misses it'),
    headers: publishFields.headers.describe('Fields of the entry beside the value; a channel has none'),
    value: publishFields.value,
    field: z.string().min(1).max(200).optional().describe('Field of the entry that holds the value; default data'),
    maxLength: z.int().min(1).max(1_000_000_000).optional().describe('Entries that the stream keeps, about'),
  })
  .superRefine(({ stream, channel, headers, field, maxLength }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if ((stream === undefined) === (channel === undefined)) fault('stream', 'is needed, or channel, and not both');
    if (channel === undefined) return;
    const ofStream = Object.entries({ headers, field, maxLength }).filter(([, value]) => value !== undefined);
    for (const [path] of ofStream) fault(path, 'is of streams, and a channel has none');
  });
export type RedisPublishConfig = z.infer<typeof redisPublishConfig>;

/** Output `{ stream, entry }` or `{ channel, receivers }`. Throws `broker_refused`, `connection_failed`, `limit_exceeded`. */
export function redisPublishNode(publishers: Publishers): TaskNode<RedisPublishConfig> {
  return {
    type: 'redis.publish',
    version: 1,
    description: 'Adds an entry to a Redis stream, or sends a message to a channel.',
    example: { connection: 'cache', stream: 'orders', value: '{{ $json }}' },
    config: redisPublishConfig,
    first: ['connection', 'stream', 'channel', 'value'],
    ports: () => ['out', 'error'],
    effect: ({ channel }) => (channel === undefined ? 'idempotent' : 'irreversible'),
    dependency: connectionDependency,
    target,
    run: (config, task) => run(publishers, config, task),
  };
}

function target({ stream, channel, field = 'data', maxLength }: RedisPublishConfig) {
  return stream === undefined ? { channel } : { stream, field, ...(maxLength !== undefined && { maxLength }) };
}

async function run(publishers: Publishers, config: RedisPublishConfig, task: TaskContext): Promise<NodeResult> {
  const { stream, channel } = config;
  const value = bytesOf('value' in config ? config.value : task.input);
  // What a template made of either is known only now, and it may be nothing.
  const isStream = 'stream' in config;
  const [kind, key] = isStream ? ['stream', stream] : ['channel', channel];
  if (typeof key !== 'string' || key === '') throw new MyelinError('config_invalid', `${kind}: came out as no text`);
  const to = target(config);
  const headers = { ...wordsOf('headers', config.headers), [ID_HEADER]: task.idempotencyKey };
  const connection = await task.connection(config.connection, 'redis');
  const message = { to, value, id: task.idempotencyKey, ...(isStream && { headers }) };
  const [output] = await publishers.publish('redis', connection, [message], task.signal);
  return { output };
}
