import { expect, test } from 'vitest';
import { isSubject, subject, subjectFilter } from './subject.ts';

test.each(['orders', 'orders.eu.1', 'a-b_c.ä', '$KV.bucket.key', 'a/b'])('%s is a subject', (text) => {
  expect(isSubject(text)).toBe(true);
  expect(subjectFilter.safeParse(text).success).toBe(true);
});

test.each([
  '',
  '.',
  'a.',
  '.a',
  'a..b',
  'a b',
  'a\r\nPUB b 0',
  'a\tb',
  'a\0',
  'orders.*',
  'orders.>',
  '>',
  'a*',
  '$JS.API.STREAM.DELETE.x',
  '$SYS.REQ',
  'a'.repeat(501),
])('%j is none', (text) => {
  expect(isSubject(text)).toBe(false);
  expect(subject.safeParse(text).error?.issues[0]?.message).toContain('words with points');
});

test.each(['*', '>', 'orders.*', '*.new', 'a.*.b.>', 'a.b'])('%s stands for subjects', (text) => {
  expect(subjectFilter.safeParse(text).success).toBe(true);
});

test.each(['', 'a.>.b', 'a>', 'a*.b', 'a b', 'a..>', `${'a'.repeat(500)}.>`])('%j stands for none', (text) => {
  expect(subjectFilter.safeParse(text).success).toBe(false);
});
