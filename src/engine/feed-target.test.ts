import { expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import { ABSENT, createNodeTypes } from '../nodes/registry.ts';
import { feedTarget } from './feed-target.ts';

const nodeTypes = createNodeTypes(ABSENT);
const to = (type: string, target: Record<string, unknown>) =>
  feedTarget(nodeTypes, { connection: { name: 'events', type }, target });

function faultsOf(type: string, target: Record<string, unknown>): unknown {
  try {
    return to(type, target);
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_request' });
    return error instanceof MyelinError && error.toInfo().data;
  }
}

test.each([
  ['kafka', { topic: 'audit' }, { topic: 'audit' }],
  ['nats', { subject: 'audit.events' }, { subject: 'audit.events' }],
  ['redis', { stream: 'audit', maxLength: 1_000 }, { stream: 'audit', field: 'data', maxLength: 1_000 }],
  [
    'rabbitmq',
    { exchange: 'audit', expiration: '10m', declare: { kind: 'topic' } },
    {
      ...{ exchange: 'audit', routingKey: '', persistent: true, mandatory: true, expiration: 600_000 },
      declare: { kind: 'topic' },
    },
  ],
])('%s takes what its publish node takes', (type, target, sent) => {
  expect(to(type, target)).toEqual(sent);
});

test.each<[string, Record<string, unknown>, string, string]>([
  ['kafka', {}, 'target.topic', 'is missing'],
  ['kafka', { topic: 'two words' }, 'target.topic', 'takes letters'],
  ['kafka', { topic: 'audit-{{ $json.a }}' }, 'target.topic', 'takes no expression'],
  ['kafka', { topic: 'audit', subject: 'a' }, 'target.subject', 'unknown field'],
  ['kafka', { topic: 'audit', key: 'a' }, 'target.key', 'unknown field'],
  ['kafka', { topic: 'audit', value: 1 }, 'target.value', 'unknown field'],
  ['nats', { subject: 'audit.*' }, 'target.subject', 'words with points'],
  ['rabbitmq', {}, 'target.routingKey', 'is needed'],
  ['rabbitmq', { routingKey: '' }, 'target', 'came to nothing'],
  ['rabbitmq', { exchange: 'audit', delay: '31d' }, 'target', 'at most 30d'],
  ['redis', {}, 'target.stream', 'is needed'],
  ['redis', { channel: 'audit' }, 'target.channel', 'events would be lost'],
  [
    'postgres',
    { table: 'audit' },
    'connection',
    'events is of type postgres; messages go by kafka, rabbitmq, redis, nats',
  ],
])('%s with %j is refused at %s', (type, target, path, words) => {
  const fault = { path, message: expect.stringContaining(words) };
  expect(faultsOf(type, target)).toEqual({ errors: expect.arrayContaining([fault]) });
});

test('all faults are told at once', () => {
  const at = (path: string) => expect.objectContaining({ path });
  const errors = [at('target.key'), at('target.topic'), at('target.other')];
  expect(faultsOf('kafka', { key: 'a', other: 1 })).toEqual({ errors: expect.arrayContaining(errors) });
});
