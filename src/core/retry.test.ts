import { expect, test } from 'vitest';
import type { ErrorInfo } from './errors.ts';
import { DEFAULT_RETRY, defaultRetry, nextAttempt, type RetryPolicy } from './retry.ts';

const transient = { code: 'timeout', kind: 'transient', message: '' } as const;
const refused = { code: 'http_client_error', kind: 'permanent', message: '' } as const;
const plain = { ...DEFAULT_RETRY, attempts: 5, jitter: false };

const delay = (policy: RetryPolicy, attempt: number, error: ErrorInfo = transient, random = 0) =>
  nextAttempt(policy, attempt, error, random)?.delayMs ?? null;

test('exponential delays, capped', () => {
  const delays = [1, 2, 3, 4, 5].map((attempt) => delay({ ...plain, maxMs: 5_000 }, attempt));
  expect(delays).toEqual([1_000, 2_000, 4_000, 5_000, null]);
  expect(delay({ ...plain, attempts: 2000 }, 1999)).toBe(60_000);
});

test('fixed delays', () => {
  expect(delay({ ...plain, backoff: 'fixed' }, 3)).toBe(1_000);
});

test('a list of delays, whose last one repeats', () => {
  const policy = { ...plain, backoff: 'list', delaysMs: [10, 500, 90_000], maxMs: 60_000 } as const;
  expect([1, 2, 3, 4, 5].map((attempt) => delay(policy, attempt))).toEqual([10, 500, 90_000, 90_000, null]);
});

test('full jitter draws from nothing to everything', () => {
  expect(delay(DEFAULT_RETRY, 2, transient, 0)).toBe(0);
  expect(delay(DEFAULT_RETRY, 2, transient, 0.5)).toBe(1_000);
  expect(delay({ ...DEFAULT_RETRY, backoff: 'list', delaysMs: [100] }, 1, transient, 0.5)).toBe(50);
});

test('a permanent error is not tried again, unless its code is named', () => {
  expect(nextAttempt(plain, 1, refused, 0)).toBeNull();
  expect(delay({ ...plain, retryOn: ['http_client_error'] }, 1, refused)).toBe(1_000);
  expect(nextAttempt({ ...plain, retryOn: ['http_client_error'] }, 5, refused, 0)).toBeNull();
  expect(nextAttempt({ ...plain, retryOn: ['output_invalid'] }, 1, refused, 0)).toBeNull();
});

test('a transient error is tried again, unless its code is named', () => {
  expect(nextAttempt({ ...plain, doNotRetryOn: ['timeout'] }, 1, transient, 0)).toBeNull();
  expect(delay({ ...plain, doNotRetryOn: ['connection_failed'] }, 1)).toBe(1_000);
});

test('never sooner than the other side asked for, nor more than an hour late because of it', () => {
  const asking = (retryAfterMs: number) => ({ ...transient, data: { retryAfterMs } });
  expect(delay(plain, 1, asking(7_000))).toBe(7_000);
  expect(delay(plain, 1, asking(-1))).toBe(1_000);
  expect(delay(plain, 1, asking(86_400_000))).toBe(3_600_000);
  expect(delay(plain, 1, { ...transient, data: 'text' })).toBe(1_000);
});

test('an open circuit costs no attempt, and those who wait for it do not come all at once', () => {
  const open = { code: 'circuit_open', kind: 'transient', message: '', data: { retryAfterMs: 8_000 } } as const;
  expect(nextAttempt({ ...plain, attempts: 1 }, 1, open, 0)).toEqual({ delayMs: 8_000, counted: false });
  expect(nextAttempt({ ...plain, attempts: 1 }, 1, open, 0.5)).toEqual({ delayMs: 9_000, counted: false });
  expect(nextAttempt(plain, 1, { ...open, data: {} }, 0)).toEqual({ delayMs: 1_000, counted: false });
});

test('an open circuit is an attempt like any other where the policy says so', () => {
  const open = { code: 'circuit_open', kind: 'transient', message: '' } as const;
  expect(nextAttempt({ ...plain, openCircuit: 'count' }, 1, open, 0)).toEqual({ delayMs: 1_000, counted: true });
  expect(nextAttempt({ ...plain, openCircuit: 'count' }, 5, open, 0)).toBeNull();
  expect(nextAttempt({ ...plain, doNotRetryOn: ['circuit_open'] }, 1, open, 0)).toBeNull();
});

test('what cannot be undone is tried once', () => {
  expect(defaultRetry('irreversible').attempts).toBe(1);
  expect(defaultRetry('read').attempts).toBe(3);
});
