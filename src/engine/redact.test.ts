import { expect, test } from 'vitest';
import { redact, redactError } from './redact.ts';

const secrets = new Map([
  ['KEY', 's3cr3t-value'],
  ['QUOTED', 'a"b\\c\n'],
  ['SHORT', 'abc'],
]);

test('values give way to names, wherever they stand', () => {
  const seen = { text: 'Bearer s3cr3t-value!', list: ['s3cr3t-value'], 's3cr3t-value': 1 };
  expect(redact(seen, secrets)).toEqual({ text: 'Bearer [secret KEY]!', list: ['[secret KEY]'], '[secret KEY]': 1 });
});

test('values that JSON escapes are found as well', () => {
  expect(redact({ text: 'x a"b\\c\n y' }, secrets)).toEqual({ text: 'x [secret QUOTED] y' });
});

test('of one that is part of another nothing stays, in whichever order they were used', () => {
  const both = new Map([
    ['SHORT', 'pass'],
    ['LONG', 'pass-word-1'],
  ]);
  expect(redact('pass-word-1 and pass', both)).toBe('[secret LONG] and [secret SHORT]');
});

test.each([
  ['JSON in a text', (secret: string) => JSON.stringify({ a: secret }), '{"a":"[secret KEY]"}'],
  ['an address', (secret: string) => `https://x/?k=${encodeURIComponent(secret)}`, 'https://x/?k=[secret KEY]'],
  ['a form', (secret: string) => `${new URLSearchParams({ k: secret })}`, 'k=[secret KEY]'],
  ['base64url', (secret: string) => Buffer.from(secret).toString('base64url'), '[secret KEY]'],
])('%s is found', (_, write, expected) => {
  const secret = 'a b&"c"/é?ü~~~ÿÿ';
  expect(redact(write(secret), new Map([['KEY', secret]]))).toContain(expected);
});

test.each(['', 'u', 'us', 'user', 'user-2'])('a header of Basic for %j is found', (user) => {
  for (const password of ['hunter2', 'hunter2-', 'hunter2--']) {
    const header = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const cleaned = redact(header, new Map([['KEY', password]]));
    expect(cleaned).toContain('[secret KEY]');
    const rest = Buffer.from(cleaned.replace(/^Basic |\[secret KEY\].*$/g, ''), 'base64').toString();
    expect(`${user}:`).toContain(rest.slice(0, user.length + 1));
  }
});

test('a number that is a secret gives way too, and what is no secret stays', () => {
  const numbers = new Map([['PIN', '123456']]);
  expect(redact({ account: 123456, other: 12345678, text: 'x123456' }, numbers)).toEqual({
    account: '[secret]',
    other: 12345678,
    text: 'x[secret PIN]',
  });
});

test('code and kind of an error are never touched', () => {
  const error = {
    code: 'timeout',
    kind: 'transient',
    message: 'transient of 10.0.0.1',
    data: { at: '10.0.0.1' },
  } as const;
  const cleaned = redactError(
    error,
    new Map([
      ['A', 'transient'],
      ['B', '10.0.0.1'],
      ['C', 'timeout'],
    ]),
  );
  expect(cleaned).toEqual({
    code: 'timeout',
    kind: 'transient',
    message: '[secret A] of [secret B]',
    data: { at: '[secret B]' },
  });
});

test('short values are left, and without secrets the value itself comes back', () => {
  const value = { text: 'abc', none: null };
  expect(redact(value, secrets)).toEqual(value);
  expect(redact(value, new Map())).toBe(value);
  expect(redact(undefined, secrets)).toBeUndefined();
});
