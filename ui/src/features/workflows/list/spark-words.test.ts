import { expect, test } from 'vitest';
import { sparkWords } from './spark-words.ts';

const nothing = { completed: 0, failed: 0, compensated: 0, canceled: 0 };
const quiet = Array.from({ length: 24 }, () => nothing);
const at = (hour: number, ends: Partial<typeof nothing>) =>
  quiet.map((one, index) => (index === hour ? { ...one, ...ends } : one));

test('a quiet day', () => {
  expect(sparkWords(quiet)).toBe('Nothing ended in the last 24 hours');
});

test('how many, and when most', () => {
  const ends = { completed: 3, failed: 1 };
  expect(sparkWords(at(23, ends))).toBe('Last 24 hours: 3 completed, 1 failed; most of them in the present hour');
  expect(sparkWords(at(22, ends))).toContain('one hour ago');
  expect(sparkWords(at(0, ends))).toContain('23 hours ago');
});

test('what was undone or canceled has ended too, and has not failed', () => {
  expect(sparkWords(at(23, { compensated: 2, canceled: 1 }))).toBe(
    'Last 24 hours: 0 completed, 0 failed, 2 compensated, 1 canceled; most of them in the present hour',
  );
});
