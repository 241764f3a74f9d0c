import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

test('a burst goes at once, then one in each share of the minute', () => {
  const pace = new Pace(3);
  expect([1, 2, 3].map(() => pace.reserve(1_000))).toEqual([0, 0, 0]);
  expect([pace.reserve(1_000), pace.reserve(1_000)]).toEqual([20_000, 40_000]);
  expect(pace.reserve(61_000)).toBe(0);
});

test('a minute of silence makes a whole burst, not more', () => {
  const pace = new Pace(2);
  pace.reserve(0);
  expect([1, 2, 3].map(() => pace.reserve(3_600_000))).toEqual([0, 0, 30_000]);
});

test('what is given back is there for the next', () => {
  const pace = new Pace(1);
  pace.reserve(0);
  expect(pace.reserve(0)).toBe(60_000);
  pace.giveBack();
  expect(pace.reserve(0)).toBe(60_000);
});
