import { expect, test } from 'vitest';
import { pauseAfter, pauseAfterFailure } from './pace.ts';

const MINUTE = 60_000;

test('the next poll comes after its pause, and at once where something is left', () => {
  expect([pauseAfter(MINUTE, false), pauseAfter(MINUTE, true)]).toEqual([MINUTE, 0]);
});

test('failures double the pause, up to a quarter of an hour', () => {
  const pauses = [1, 2, 3, 4, 5, 100].map((failures) => pauseAfterFailure(MINUTE, failures) / MINUTE);
  expect(pauses).toEqual([1, 2, 4, 8, 15, 15]);
});

test('one that is rarer anyway keeps its pause', () => {
  expect(pauseAfterFailure(60 * MINUTE, 9)).toBe(60 * MINUTE);
});

test('the target may ask for longer, and not for shorter', () => {
  expect(pauseAfterFailure(MINUTE, 1, 30 * MINUTE)).toBe(30 * MINUTE);
  expect(pauseAfterFailure(MINUTE, 2, 1_000)).toBe(2 * MINUTE);
});
