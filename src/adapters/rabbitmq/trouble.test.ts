import { expect, test } from 'vitest';
import { MyelinError } from '../../core/errors.ts';
import { rabbitmqError } from './trouble.ts';

const config = { host: 'r1', tls: 'off' as const, user: 'ann', vhost: 'shop' };
const coded = (code: string | number) => Object.assign(new Error('hunter2'), { code });

test.each<[unknown, string, string]>([
  [coded(403), 'broker_refused', 'ann may not use the queue q'],
  [coded(404), 'broker_refused', 'There is no queue q'],
  [coded(405), 'broker_refused', 'the queue q for itself alone'],
  [coded(406), 'broker_refused', 'in another way'],
  [
    Object.assign(new Error('PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out'), { code: 406 }),
    ...(['connection_failed', 'consumer_timeout'] as const),
  ],
  [coded(530), 'broker_refused', 'no virtual host shop'],
  [coded(320), 'connection_failed', 'the code 320'],
  [coded('ECONNREFUSED'), 'connection_failed', 'r1:5672 takes no connections'],
  [new Error('Handshake terminated by server: 403 hunter2'), 'broker_refused', 'Wrong user or password'],
  [new Error('connect ETIMEDOUT'), 'connection_failed', 'does not answer in time'],
  [new Error('Heartbeat timeout'), 'connection_failed', 'whether it wants TLS'],
  [new Error('Channel ended, no reply will be forthcoming'), 'connection_failed', 'broke the connection off'],
  [new Error('message nacked'), 'broker_refused', 'the queue q takes no more'],
  [new MyelinError('egress_denied', '10.0.0.1 is private.'), 'egress_denied', '10.0.0.1'],
  [new TypeError('hunter2'), 'internal', 'a fault of our own'],
  ['hunter2', 'internal', 'a fault of our own'],
])('%s is told as %s', (error, code, words) => {
  const told = rabbitmqError(error, { config, what: 'the queue q' });
  expect(told).toMatchObject({ code, message: expect.stringContaining(words) });
  expect(told.message).not.toContain('hunter2');
});
