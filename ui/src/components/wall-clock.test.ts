import { expect, test } from 'vitest';
import { wallClock, wallClockHere, weekday } from './wall-clock.ts';

test('what a clock shows has neither offset nor needless seconds', () => {
  expect(wallClock('2026-12-01T03:00:00-09:30')).toBe('2026-12-01 03:00');
  expect(wallClock('2026-12-01T03:00:20+01:00')).toBe('2026-12-01 03:00:20');
});

test('here is where the clocks of this machine say so', () => {
  const [year, month, day, hour] = [2026, 6, 5, 4];
  expect(wallClockHere(new Date(year, month - 1, day, hour).toISOString())).toBe('2026-06-05 04:00');
});

test('a date has its weekday wherever it is read', () => {
  expect(weekday('2026-12-01 03:00')).toBe(new Date(2026, 11, 1).toLocaleDateString(undefined, { weekday: 'short' }));
});
