import { expect, test } from 'vitest';
import { ago } from './spans.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('what has happened takes one unit, what comes is told more exactly', () => {
  const now = 1_000_000_000;
  expect(ago(now - 71 * HOUR, now)).toBe('2 d ago');
  expect(ago(now + 71 * HOUR, now)).toBe('in 2 d 23 h');
  expect(ago(now + 3 * HOUR + 5 * MINUTE, now)).toBe('in 3 h 5 min');
  expect(ago(now + 30 * 24 * HOUR + HOUR, now)).toBe('in 30 d');
  expect(ago(now + 90_000, now)).toBe('in 1 min');
  expect(ago(now + 900, now)).toBe('just now');
});
