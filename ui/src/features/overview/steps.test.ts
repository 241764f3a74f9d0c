import { expect, test } from 'vitest';
import { beginOf } from './range.ts';
import { daysOf, hoursOf } from './steps.ts';

const NOW = Date.parse('2026-11-27T05:17:30.000Z');

test('days up to today', () => {
  expect(daysOf('2026-11-25T09:00:00.000Z', NOW)).toEqual(['2026-11-25', '2026-11-26', '2026-11-27']);
});

test('hours up to the present one', () => {
  const hours = hoursOf('2026-11-27T03:18:00.000Z', NOW);
  expect(hours).toEqual(['2026-11-27T03:00:00.000Z', '2026-11-27T04:00:00.000Z', '2026-11-27T05:00:00.000Z']);
  expect(hoursOf(beginOf('24h', NOW), NOW)).toHaveLength(24);
});
