import { expect, test } from 'vitest';
import { MyelinError } from '../errors.ts';
import { codeOf, troubleOf } from './trouble.ts';

const failed = (code: string) => Object.assign(new Error('hunter2'), { code });

test.each<[unknown, string]>([
  [failed('ENOTFOUND'), 'There is no host db:1'],
  [failed('EAI_AGAIN'), 'could not be looked up'],
  [failed('ECONNREFUSED'), 'takes no connections'],
  [failed('EHOSTUNREACH'), 'no way to db:1'],
  [failed('ENETUNREACH'), 'no way to db:1'],
  [failed('ETIMEDOUT'), 'does not answer in time'],
  [failed('ECONNRESET'), 'broke the connection off'],
  [failed('EPIPE'), 'broke the connection off'],
  [failed('ERR_TLS_CERT_ALTNAME_INVALID'), 'of another name'],
  [failed('CERT_HAS_EXPIRED'), 'out of date'],
  [failed('SELF_SIGNED_CERT_IN_CHAIN'), 'nobody that this server trusts'],
  [failed('ERR_SSL_WRONG_VERSION_NUMBER'), 'does not speak TLS'],
  [failed('EWHATEVER'), 'could not be reached (EWHATEVER)'],
  [new MyelinError('egress_denied'), 'may not call db:1'],
  [new MyelinError('timeout'), 'does not answer in time'],
])('%o in words', (error, words) => {
  expect(troubleOf(error, 'db:1')).toContain(words);
  expect(troubleOf(error, 'db:1')).not.toContain('hunter2');
});

test('the code is that of the bottom', () => {
  expect(codeOf(new Error('x', { cause: failed('ECONNRESET') }))).toBe('ECONNRESET');
  expect(codeOf(new AggregateError([failed('ECONNREFUSED'), failed('EPIPE')]))).toBe('ECONNREFUSED');
  expect(codeOf(new Error('x'))).toBe('unknown');
  expect(codeOf('text')).toBe('unknown');
});
