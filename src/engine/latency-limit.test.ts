import { expect, test } from 'vitest';
import { LatencyLimit } from './latency-limit.ts';

const took = (limit: LatencyLimit, ms: number, times: number) => {
  for (let i = 0; i < times; i++) limit.took(ms);
  return limit.limit;
};

test('falls by a tenth for each 100 calls that took too long, down to 1', () => {
  const limit = new LatencyLimit(100, 200);
  expect(took(limit, 301, 99)).toBe(100);
  expect(took(limit, 301, 1)).toBe(90);
  expect(took(limit, 301, 100)).toBe(81);
  expect(took(limit, 301, 10_000)).toBe(1);
});

test('stays where calls take a little longer than the target', () => {
  const limit = new LatencyLimit(100, 200);
  took(limit, 400, 100);
  expect(took(limit, 300, 1_000)).toBe(90);
});

test('recovers by one for each round of good answers, up to where it began', () => {
  const limit = new LatencyLimit(100, 200);
  took(limit, 400, 200);
  expect(limit.limit).toBe(81);
  expect(took(limit, 50, 82)).toBe(82);
  expect(took(limit, 50, 10_000)).toBe(100);
});

test('goes by the mean of the last 100', () => {
  const limit = new LatencyLimit(10, 100);
  took(limit, 10, 90);
  expect(took(limit, 1_000, 9)).toBe(10);
  expect(took(limit, 10_000, 1)).toBe(9);
});
