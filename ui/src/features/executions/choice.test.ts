import { expect, test } from 'vitest';
import { countWords, nothing, statusesFor, toggled } from './choice.ts';

test('one is chosen and left again', () => {
  const one = toggled(nothing('f'), 'a', ['a', 'b']);
  expect([...one.ids]).toEqual(['a']);
  expect([...toggled(one, 'a', ['a', 'b']).ids]).toEqual([]);
});

test('who leaves one of all that fit has those that are shown, without it', () => {
  const all = { under: 'f', ids: new Set(['a']), isAll: true };
  const left = toggled(all, 'b', ['a', 'b', 'c']);
  expect(left.isAll).toBe(false);
  expect([...left.ids]).toEqual(['a', 'c']);
});

test('of the statuses that are shown, those count in which it can be done', () => {
  expect(statusesFor('retry', undefined)).toEqual(['failed', 'compensation_failed']);
  expect(statusesFor('retry', ['failed', 'completed'])).toEqual(['failed']);
  expect(statusesFor('cancel', ['failed', 'completed'])).toEqual([]);
  expect(statusesFor('cancel', ['waiting', 'failed'])).toEqual(['waiting']);
});

test('what is not counted to its end says so', () => {
  expect(countWords({ count: 10_000, whole: false })).toBe('10,000+');
  expect(countWords({ count: 1_234, whole: true })).toBe('1,234');
});
