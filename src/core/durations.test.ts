import { expect, test } from 'vitest';
import { bucketOf, DURATION_BOUNDS, type Durations, parseDurations, percentile, printDurations } from './durations.ts';

const of = (...times: number[]): Durations => {
  const durations: Durations = new Map();
  for (const bucket of times.map(bucketOf)) durations.set(bucket, (durations.get(bucket) ?? 0) + 1);
  return durations;
};

test('bounds rise, each by less than twice', () => {
  expect(DURATION_BOUNDS.slice(0, 8)).toEqual([1, 2, 3, 4, 6, 8, 12, 16]);
  for (const [index, bound] of DURATION_BOUNDS.slice(1).entries()) {
    expect(bound / DURATION_BOUNDS[index]!).toBeGreaterThan(1);
    expect(bound / DURATION_BOUNDS[index]!).toBeLessThanOrEqual(2);
  }
});

test.each([
  [0, 0],
  [1, 1],
  [2, 2],
  [5, 4],
  [6, 5],
  [1e12, DURATION_BOUNDS.length],
])('%d ms is in bucket %d', (ms, bucket) => expect(bucketOf(ms)).toBe(bucket));

test('texts can be read, printed and joined', () => {
  const durations = of(5, 5, 100);
  expect(printDurations(durations)).toBe('4:2 13:1');
  expect(parseDurations('4:2 13:1')).toEqual(durations);
  expect(parseDurations('4:2 13:1 4:3')).toEqual(of(5, 5, 5, 5, 5, 100));
  expect(parseDurations('')).toEqual(new Map());
});

test('percentiles are near what they would be of the times themselves', () => {
  const times = Array.from({ length: 1_000 }, (_, index) => index + 1);
  expect(Math.abs(percentile(of(...times), 0.5)! - 500)).toBeLessThan(100);
  expect(Math.abs(percentile(of(...times), 0.95)! - 950)).toBeLessThan(190);
  expect(percentile(of(100), 0.5)).toBe(112);
  expect(percentile(of(5, 100), 1)).toBe(128);
  expect(percentile(of(0), 0.95)).toBe(1);
  expect(percentile(of(1e12), 0.5)).toBe(DURATION_BOUNDS.at(-1));
  expect(percentile(new Map(), 0.5)).toBeNull();
});
