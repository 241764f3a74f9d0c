import { expect, test } from 'vitest';
import { backlogOf } from './backlog.ts';

const step = (
  started: number,
  ended: Partial<Record<'completed' | 'failed' | 'compensated' | 'canceled', number>>,
) => ({
  ...{ at: '2026-07-01T00:00:00.000Z', started, p50: null, p95: null },
  ...{ completed: 0, failed: 0, compensated: 0, canceled: 0, ...ended },
});
const now = (queued: number, running: number, waiting: number) => ({ queued, running, waiting });

test('what has not ended is reckoned back from what there is now', () => {
  const series = [step(5, { completed: 2 }), step(0, { failed: 1, canceled: 1 }), step(3, { compensated: 1 })];
  expect(backlogOf({ series, queue: now(1, 1, 1) })).toEqual([3, 1, 3]);
});

test('nothing is below none, and what is too much to count is not drawn', () => {
  expect(backlogOf({ series: [step(0, {}), step(4, {})], queue: now(0, 2, 0) })).toEqual([0, 2]);
  expect(backlogOf({ series: [step(1, {})], queue: now(10_000, 0, 0) })).toBeUndefined();
});
