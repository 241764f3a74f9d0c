import { expect, test } from 'vitest';
import { beginOf, rangeOf } from './range.ts';

const NOW = Date.parse('2026-11-27T05:17:30.000Z');

test('only ranges there are', () => {
  expect(rangeOf('7d')).toBe('7d');
  expect(rangeOf('toString')).toBe('24h');
  expect(rangeOf(undefined)).toBe('24h');
});

test('whole steps, the present one last', () => {
  expect(beginOf('1h', NOW)).toBe('2026-11-27T04:18:00.000Z');
  expect(beginOf('24h', NOW)).toBe('2026-11-26T06:00:00.000Z');
  expect(beginOf('30d', NOW)).toBe('2026-10-29T00:00:00.000Z');
});
