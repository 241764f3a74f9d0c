import { expect, test } from 'vitest';
import { PRIORITIES } from '../plan/plan.ts';
import { rankOf } from './rank.ts';

const { low, default: plain, high } = PRIORITIES;

test('a higher priority goes first among those of one time, an older one within a priority', () => {
  const ranks = [high, plain, low].map((priority) => rankOf({ createdAt: 1_000, priority }));
  expect([...ranks].sort((a, b) => a - b)).toEqual(ranks);
  expect(rankOf({ createdAt: 1, priority: plain })).toBeLessThan(rankOf({ createdAt: 2, priority: plain }));
});

test('what comes 10 minutes later overtakes nothing by one step of priority', () => {
  const waiting = rankOf({ createdAt: 0, priority: plain });
  expect(rankOf({ createdAt: 599_999, priority: high })).toBeLessThan(waiting);
  expect(rankOf({ createdAt: 600_001, priority: high })).toBeGreaterThan(waiting);
});
