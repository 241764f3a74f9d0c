import { expect, test } from 'vitest';
import { moved, placeOn, ticksOf, within, zoomed } from './axis.ts';

const whole = { from: 1_000, to: 11_000 };

test('what is pointed at stays where it is while one comes nearer', () => {
  const seen = zoomed(whole, whole, 0.5, 0.2);
  expect(seen).toEqual({ from: 2_000, to: 7_000 });
  expect(placeOn(seen, 3_000)).toBeCloseTo(0.2);
});

test('nobody gets beyond the whole', () => {
  expect(zoomed({ from: 2_000, to: 7_000 }, whole, 10, 0.5)).toEqual(whole);
  expect(moved({ from: 2_000, to: 7_000 }, whole, -5)).toEqual({ from: 1_000, to: 6_000 });
  expect(within({ from: 10_900, to: 10_900 }, whole)).toEqual({ from: 10_900, to: 10_905 });
});

test.each([
  [{ from: 0, to: 40 }, ['0', '5 ms', '10 ms', '15 ms', '20 ms', '25 ms', '30 ms', '35 ms', '40 ms']],
  [{ from: 0, to: 80_000 }, ['0', '10 s', '20 s', '30 s', '40 s', '50 s', '1:00', '1:10', '1:20']],
  [
    { from: 0, to: 7_200_000 },
    ['0', '15 min', '30 min', '45 min', '1 h', '1 h 15 min', '1 h 30 min', '1 h 45 min', '2 h'],
  ],
  [{ from: 0, to: 400_000_000 }, ['0', '24 h', '2 d', '3 d', '4 d']],
])('marks stand at round spans', (seen, labels) => {
  expect(ticksOf(seen, 0, 8).map(({ label }) => label)).toEqual(labels);
});
