import { expect, test } from 'vitest';
import { levelsOf, peakOf } from './levels.ts';

const NOTHING = { started: 0, completed: 0, failed: 0, compensated: 0, canceled: 0, p50: null, p95: null };
const step = (levels: { queued: number; held: number; running: number; waiting: number } | null) => {
  return { at: '2026-11-27T10:00:00.000Z', ...NOTHING, levels };
};
const EMPTY = { queued: 0, held: 0, running: 0, waiting: 0 };

test('each state is a line; the last step has what there is now, where that is more', () => {
  const series = [step(null), step({ ...EMPTY, running: 4, held: 9 }), step({ ...EMPTY, queued: 2, running: 1 })];
  expect(levelsOf({ series, queue: { ...EMPTY, queued: 1, running: 3 } })).toEqual({
    running: [null, 4, 3],
    waiting: [null, 0, 0],
    queued: [null, 0, 2],
    held: [null, 9, 0],
  });
});

test('where nobody looked and nothing is there, there is nothing to draw', () => {
  expect(levelsOf({ series: [step(null)], queue: EMPTY })).toBeUndefined();
  expect(levelsOf({ series: [step(null)], queue: { ...EMPTY, held: 1 } })?.held).toEqual([1]);
});

test('the most at once is 0 where nobody looked', () => {
  expect(peakOf([null, 3, 1])).toBe(3);
  expect(peakOf([null])).toBe(0);
});
