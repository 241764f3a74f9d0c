import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { MyelinError } from '../../core/errors.ts';
import { natsError } from './trouble.ts';

const about = { servers: 'n1:4222', user: 'ann', tls: 'off' as const };
const told = (err_code: number, code = 400) => new JetStreamApiError({ code, err_code, description: 'hunter2' });
const refused = (code: string) => Object.assign(new Error('hunter2'), { code });

test.each<[Error, string, string]>([
  [new errors.AuthorizationError('hunter2'), 'broker_refused', 'does not let ann in'],
  [new errors.UserAuthenticationExpiredError('hunter2'), 'broker_refused', 'have expired'],
  [
    new errors.RequestError('hunter2', { cause: new errors.PermissionViolationError('hunter2', 'publish', 'orders') }),
    'broker_refused',
    'ann use orders',
  ],
  [new Error('hunter2', { cause: new errors.NoRespondersError('$JS.API') }), 'broker_refused', 'JetStream is off'],
  [told(10039, 503), 'broker_refused', 'JetStream is off'],
  [told(10059, 404), 'broker_refused', 'no such stream'],
  [told(10101), 'broker_refused', 'set `from` to earliest'],
  [told(10014, 404), 'connection_failed', 'made anew'],
  [told(10008, 503), 'connection_failed', 'error 10008'],
  [told(10001), 'broker_refused', 'error 10001'],
  [new errors.ConnectionError('x', { cause: refused('ECONNREFUSED') }), 'connection_failed', 'takes no connections'],
  [new errors.TimeoutError(), 'connection_failed', 'does not answer in time'],
  [new errors.ClosedConnectionError(), 'connection_failed', 'whether it wants TLS'],
  [new errors.ProtocolError('hunter2'), 'connection_failed', 'broke the connection off'],
  [new TypeError('hunter2'), 'internal', 'a fault of our own'],
  [new Error('x', { cause: new MyelinError('egress_denied', '10.0.0.1 is private.') }), 'egress_denied', '10.0.0.1'],
])('%s is told as %s', (error, code, words) => {
  const shown = natsError(error, about);
  expect(shown).toMatchObject({ code, message: expect.stringContaining(words) });
  expect(shown.message).not.toContain('hunter2');
});
