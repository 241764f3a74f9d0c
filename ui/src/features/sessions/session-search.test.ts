import { expect, test } from 'vitest';
import { daysOf } from './session-search.ts';

test('before a day is until the day before', () => {
  expect(daysOf({ from: '2026-03-01', to: '2026-03-01' })).toEqual({ from: '2026-03-01', to: '2026-02-28' });
  expect(daysOf({ from: '2026-07-01T08:00:00Z' })).toEqual({ from: '2026-07-01', to: undefined });
  expect(daysOf({ to: 'soon' }).to).toBe('soon');
});
