import { z } from 'zod';
import { bytesOf, ID_HEADER, publishFields, wordsOf } from '../core/brokers/publish.ts';
import { isSubject, subject } from '../core/brokers/subject.ts';
import { connectionDependency, connectionField } from '../core/connections/connection-field.ts';
import { nats } from '../core/connections/types/nats.ts';
import { dynamic } from '../core/dynamic.ts';
import { MyelinError } from '../core/errors.ts';
import type { NodeResult, TaskContext, TaskNode } from '../core/node-type.ts';
import type { Publishers } from '../ports/brokers.ts';

export const natsPublishConfig = z.strictObject({
  connection: connectionField(nats),
  subject: dynamic(subject).describe('Where the message goes; a stream must take it'),
  headers: publishFields.headers.refine(
    (all = {}) => !Object.keys(all).some((name) => name.includes(':')),
    'takes names without :',
  ),
  value: publishFields.value,
});
export type NatsPublishConfig = z.infer<typeof natsPublishConfig>;

/** Output `{ subject, stream, sequence }`. Throws `broker_refused`, `connection_failed`, `limit_exceeded`, `config_invalid`. */
export function natsPublishNode(publishers: Publishers): TaskNode<NatsPublishConfig> {
  return {
    type: 'nats.publish',
    version: 1,
    description: 'Sends a message to a subject of NATS; it is done when the stream of JetStream has it.',
    example: { connection: 'events', subject: 'orders.new', value: '{{ $json }}' },
    config: natsPublishConfig,
    first: ['connection', 'subject', 'value'],
    ports: () => ['out', 'error'],
    effect: () => 'idempotent',
    dependency: connectionDependency,
    target,
    run: (config, task) => run(publishers, config, task),
  };
}

const target = ({ subject: to }: NatsPublishConfig) => ({ subject: to });

async function run(publishers: Publishers, config: NatsPublishConfig, task: TaskContext): Promise<NodeResult> {
  const value = bytesOf('value' in config ? config.value : task.input);
  const to = target(config);
  if (typeof to.subject !== 'string' || !isSubject(to.subject)) {
    throw new MyelinError('config_invalid', `subject: ${JSON.stringify(to.subject)} is none`);
  }
  const headers = { ...wordsOf('headers', config.headers), [ID_HEADER]: task.idempotencyKey };
  const broken = Object.entries(headers).find(([, text]) => /[\r\n]/.test(text));
  if (broken !== undefined) throw new MyelinError('config_invalid', `headers.${broken[0]}: takes one line`);
  const connection = await task.connection(config.connection, 'nats');
  const [output] = await publishers.publish(
    'nats',
    connection,
    [{ to, value, headers, id: task.idempotencyKey }],
    task.signal,
  );
  return { output };
}
