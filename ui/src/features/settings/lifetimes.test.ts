import { expect, test } from 'vitest';
import { endOf, lifetimesFor } from './lifetimes.ts';

const NOW = Date.UTC(2026, 6, 1);
const DAY = 86_400_000;
const values = (end: number | null) => lifetimesFor(end, NOW).map(({ value }) => value);

test('a key that does not expire gives any lifetime', () => {
  expect(values(null)).toEqual(['7', '30', '90', '365', 'never']);
  expect(endOf('30', null, NOW)).toBe('2026-07-31T00:00:00.000Z');
  expect(endOf('never', null, NOW)).toBeNull();
});

test('a key that expires gives none that outlives it', () => {
  const end = NOW + 30 * DAY;
  expect(values(end)).toEqual(['7', '30', 'own']);
  expect(values(end - 1)).toEqual(['7', 'own']);
  for (const value of values(end)) expect(Date.parse(String(endOf(value, end, NOW)))).toBeLessThanOrEqual(end);
  expect(endOf('own', end, NOW)).toBe(new Date(end).toISOString());
});
