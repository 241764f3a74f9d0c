import { expect, test } from 'vitest';
import { z } from 'zod';
import { bytesOf, publishFields, wordOf, wordsOf } from './publish.ts';

test.each<[unknown, string | null]>([
  ['text', 'text'],
  [{ a: 1 }, '{"a":1}'],
  [0, '0'],
  [null, null],
  [undefined, null],
])('%j goes out as %j', (value, sent) => {
  const bytes = bytesOf(value);
  expect(bytes && new TextDecoder().decode(bytes)).toBe(sent);
});

test('what is too large does not', () => {
  expect(() => bytesOf('ä'.repeat(600_000))).toThrow(expect.objectContaining({ code: 'limit_exceeded' }));
});

test('words may have come out of templates as numbers, or as nothing', () => {
  expect([wordOf('key', 'a'), wordOf('key', 7), wordOf('key', ''), wordOf('key', null)]).toEqual([
    'a',
    '7',
    undefined,
    undefined,
  ]);
  expect(() => wordOf('key', {})).toThrow('key: takes a text, not {}');
  expect(wordsOf('headers', { a: 1, b: null, c: 'x' })).toEqual({ a: '1', c: 'x' });
  expect(wordsOf('headers')).toEqual({});
  expect(() => wordsOf('headers', { a: [] })).toThrow('headers.a');
});

test('headers have names of ASCII, and there are not many', () => {
  const check = (headers: object) => z.strictObject(publishFields).safeParse({ headers });
  expect(check({ 'x-a': '{{ $json.a }}' }).success).toBe(true);
  expect(check({ 'x a': '1' }).success).toBe(false);
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`h${n}`, '']));
  expect(check(many).error?.issues[0]?.message).toBe('takes at most 100 headers');
});
