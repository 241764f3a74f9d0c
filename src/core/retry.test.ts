import { expect, test } from 'vitest';
import { DEFAULT_RETRY, defaultRetry, retryDelay } from './retry.ts';

const transient = { code: 'timeout', kind: 'transient', message: '' } as const;
const plain = { ...DEFAULT_RETRY, attempts: 5, jitter: false };

test('exponential delays, capped', () => {
  const delays = [1, 2, 3, 4, 5].map((attempt) => retryDelay({ ...plain, maxMs: 5_000 }, attempt, transient, 0));
  expect(delays).toEqual([1_000, 2_000, 4_000, 5_000, null]);
  expect(retryDelay({ ...plain, attempts: 2000 }, 1999, transient, 0)).toBe(60_000);
});

test('fixed delays', () => {
  expect(retryDelay({ ...plain, backoff: 'fixed' }, 3, transient, 0)).toBe(1_000);
});

test('full jitter draws from nothing to everything', () => {
  expect(retryDelay(DEFAULT_RETRY, 2, transient, 0)).toBe(0);
  expect(retryDelay(DEFAULT_RETRY, 2, transient, 0.5)).toBe(1_000);
});

test('a permanent error is not tried again', () => {
  expect(retryDelay(plain, 1, { ...transient, kind: 'permanent' }, 0)).toBeNull();
});

test('never sooner than the other side asked for', () => {
  expect(retryDelay(plain, 1, { ...transient, data: { retryAfterMs: 7_000 } }, 0)).toBe(7_000);
  expect(retryDelay(plain, 1, { ...transient, data: { retryAfterMs: -1 } }, 0)).toBe(1_000);
  expect(retryDelay(plain, 1, { ...transient, data: 'text' }, 0)).toBe(1_000);
});

test('what cannot be undone is tried once', () => {
  expect(defaultRetry('irreversible').attempts).toBe(1);
  expect(defaultRetry('read').attempts).toBe(3);
});
