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
