import { AuthenticationError, MultipleErrors, NetworkError, ProtocolError, UserError } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { MyelinError } from '../../core/errors.ts';
import { brokerError } from './trouble.ts';

const about = { config: { brokers: 'k1:9092', user: 'ann', tls: 'off' as const }, topic: 'orders', group: 'g' };
const refused = (code: string) => Object.assign(new Error('hunter2'), { code });

test.each<[Error, string, string]>([
  [new UserError('Unknown topic orders.'), 'broker_refused', 'There is no topic orders'],
  [
    new MultipleErrors('2 times', [new ProtocolError('TOPIC_AUTHORIZATION_FAILED')]),
    'broker_refused',
    'ann may not use',
  ],
  [new ProtocolError('GROUP_AUTHORIZATION_FAILED'), 'broker_refused', 'the group g'],
  [new ProtocolError('MESSAGE_TOO_LARGE'), 'broker_refused', 'larger than orders takes'],
  [
    new AuthenticationError('hunter2', { cause: new NetworkError('closed') }),
    'broker_refused',
    'Wrong user or password',
  ],
  [new ProtocolError('NOT_ENOUGH_REPLICAS'), 'connection_failed', 'says NOT_ENOUGH_REPLICAS'],
  [new NetworkError('x', { cause: refused('ECONNREFUSED') }), 'connection_failed', 'k1:9092 takes no connections'],
  [
    new MultipleErrors('x', [new NetworkError('x', { cause: refused('ENOTFOUND') })]),
    'connection_failed',
    'no host k1:9092',
  ],
  [new NetworkError('hunter2'), 'connection_failed', 'do not answer as Kafka does'],
  [
    new UserError('x', { cause: new MyelinError('egress_denied', '10.0.0.1 is private.') }),
    'egress_denied',
    '10.0.0.1',
  ],
  [new TypeError('hunter2'), 'internal', 'a fault of our own'],
])('%s is told as %s', (error, code, words) => {
  const told = brokerError(error, about);
  expect(told).toMatchObject({ code, message: expect.stringContaining(words) });
  expect(told.message).not.toContain('hunter2');
});
