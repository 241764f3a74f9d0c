import { expect, test } from 'vitest';
import { redact } from './redact.ts';

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

test('without a hit the value itself comes back', () => {
  const value = { text: 'abc' };
  expect(redact(value, secrets)).toBe(value);
  expect(redact(value, new Map())).toBe(value);
  expect(redact(undefined, secrets)).toBeUndefined();
});
