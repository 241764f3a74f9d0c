import { expect, test } from 'vitest';
import { sparkWords } from './spark-words.ts';

const quiet = Array.from({ length: 24 }, () => ({ completed: 0, failed: 0 }));

test('a quiet day', () => {
  expect(sparkWords(quiet)).toBe('Nothing ended in the last 24 hours');
});

test('how many, and when most', () => {
  const at = (hour: number) => quiet.map((one, index) => (index === hour ? { completed: 3, failed: 1 } : one));
  expect(sparkWords(at(23))).toBe('Last 24 hours: 3 completed, 1 failed; most of them in the present hour');
  expect(sparkWords(at(22))).toContain('one hour ago');
  expect(sparkWords(at(0))).toContain('23 hours ago');
});
