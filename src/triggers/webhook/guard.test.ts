import { describe, expect, test } from 'vitest';
import { parseByteSize } from './byte-size.ts';
import { checkRequest, type GuardedRequest, maxBodyBytes } from './guard.ts';
import { matchPath } from './path.ts';

const request = (given: Partial<GuardedRequest> = {}): GuardedRequest => ({
  ip: '192.0.2.7',
  headers: {},
  size: 0,
  ...given,
});
const refusedWith = (code: string) => expect.objectContaining({ code });

describe('allowIps', () => {
  const from = (ip: string, ...allowIps: string[]) => checkRequest({ maxBody: 1, allowIps }, request({ ip }));

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['10.200.3.4', '10.0.0.0/8'],
    ['::ffff:10.200.3.4', '10.0.0.0/8'],
    ['::ffff:0a00:0001', '10.0.0.1'],
    ['10.200.3.4', '::ffff:10.0.0.0/104'],
    ['2001:db8::1', '2001:0db8:0000::/32'],
    ['203.0.113.9', '0.0.0.0/0'],
  ])('lets %s through %s', (ip, range) => from(ip, range));

  test.each([
    ['192.0.2.8', '192.0.2.7'],
    ['11.0.0.1', '10.0.0.0/8'],
    ['::ffff:11.0.0.1', '10.0.0.0/8'],
    ['2001:db9::1', '2001:db8::/32'],
    ['::1', '0.0.0.0/0'],
    ['1.2.3.4', '::/0'],
    ['', '0.0.0.0/0'],
    ['10.1', '10.0.0.0/8'],
    ['not an address', '::/0'],
  ])('refuses %s at %s', (ip, range) => expect(() => from(ip, range)).toThrow(refusedWith('forbidden')));

  test('tries every range', () => from('198.51.100.4', '10.0.0.0/8', '2001:db8::/32', '198.51.100.0/24'));
});

describe('requireHeaders', () => {
  const requireHeaders = { 'X-Token': 's3cret', 'X-Trace': true } as const;
  const check = (headers: GuardedRequest['headers']) =>
    checkRequest({ maxBody: 1, requireHeaders }, request({ headers }));

  test('takes the exact value and any value', () => check({ 'x-token': 's3cret', 'x-trace': 'anything' }));

  test.each([
    { 'x-trace': 'a' },
    { 'x-token': 's3cret' },
    { 'x-token': 's3cret', 'x-trace': '' },
    { 'x-token': 'S3cret', 'x-trace': 'a' },
    { 'x-token': 's3cret ', 'x-trace': 'a' },
    { 'x-token': ['s3cret', 's3cret'], 'x-trace': 'a' },
  ])('refuses %j', (headers) => expect(() => check(headers)).toThrow(refusedWith('forbidden')));

  test('does not take what every object has for a header', () => {
    const config = { maxBody: 1, requireHeaders: { constructor: true as const } };
    expect(() => checkRequest(config, request())).toThrow(refusedWith('forbidden'));
  });

  test('never names the wanted value', () => {
    expect(() => check({})).toThrow(expect.not.objectContaining({ message: expect.stringContaining('s3cret') }));
  });
});

test('maxBody takes the limit itself and refuses one byte more', () => {
  checkRequest({ maxBody: '1KiB' }, request({ size: 1024 }));
  expect(() => checkRequest({ maxBody: '1KiB' }, request({ size: 1025 }))).toThrow(refusedWith('body_too_large'));
  expect(maxBodyBytes({ maxBody: '1MB' })).toBe(1_000_000);
});

test.each([
  ['1B', 1],
  ['1.5kb', 1500],
  ['512 KiB', 524_288],
  ['64MiB', 67_108_864],
  [12, 12],
  [-1, undefined],
  [1.5, undefined],
  ['-1KB', undefined],
  ['1e3KB', undefined],
  ['KB', undefined],
  ['12', undefined],
])('the size %s is %s bytes', (text, bytes) => expect(parseByteSize(text)).toBe(bytes));

test.each([
  ['a/b', 'a/b', {}],
  ['a/:id', 'a/x%20y', { id: 'x y' }],
  ['a/:id', 'a/b%2Fc', { id: 'b/c' }],
  [':a/:b', '1/2', { a: '1', b: '2' }],
  ['a/b', 'a/c', null],
  ['a', 'a/b', null],
  ['a/:id', 'a', null],
  ['a/:id', 'a/', null],
  ['a/:id', 'a/%zz', null],
  ['a', 'A', null],
])('the path %s takes %s as %j', (pattern, path, params) => {
  const found = matchPath(pattern, path);
  expect(found && { ...found }).toEqual(params);
});
