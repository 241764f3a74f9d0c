import { expect, test } from 'vitest';
import { statusFailure } from './http-failure.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const failure = (status: number, headers: Record<string, string> = {}, now: number | undefined = NOW) =>
  statusFailure('said no', { status, headers }, now);

test.each([
  [400, 'http_client_error'],
  [404, 'http_client_error'],
  [408, 'http_rate_limited'],
  [425, 'http_rate_limited'],
  [429, 'http_rate_limited'],
  [500, 'http_server_error'],
  [503, 'http_server_error'],
])('%i is %s', (status, code) => {
  expect(failure(status)).toMatchObject({ code, message: 'said no', data: { status } });
});

test.each<[string, Record<string, string>, number | undefined]>([
  ['seconds', { 'retry-after': ' 30 ' }, 30_000],
  ['seconds without end', { 'retry-after': '999999999' }, 86_400_000],
  ['a date, by our clock', { 'retry-after': 'Sun, 01 Mar 2026 12:00:09 GMT' }, 9_000],
  [
    'a date, by its own clock',
    { 'retry-after': 'Sun, 01 Mar 2026 10:00:09 GMT', date: 'Sun, 01 Mar 2026 10:00:00 GMT' },
    9_000,
  ],
  ['a date that is past', { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
  ['no time', { 'retry-after': 'soon' }, undefined],
  ['what is nothing', { 'retry-after': '-1' }, undefined],
  ['nothing', {}, undefined],
])('it asks to be left alone for %s', (_, headers, retryAfterMs) => {
  expect(failure(503, headers).data).toEqual({ status: 503, ...(retryAfterMs !== undefined && { retryAfterMs }) });
});

test('a date means nothing where nobody knows the time, and more data goes along', () => {
  const answer = { status: 503, headers: { 'retry-after': 'Sun, 01 Mar 2026 12:00:09 GMT' } };
  expect(statusFailure('no', answer, undefined, { body: 'x' }).data).toEqual({ status: 503, body: 'x' });
});
