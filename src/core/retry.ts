/**
 * When a failed attempt is tried again. Reads the error's kind only: `transient` is retried, `permanent` is not.
 * Back-off with full jitter: a delay is drawn evenly from [0, min(max, delay * 2^(attempt-1))],
 * after Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
import type { Effect } from './effect.ts';
import type { ErrorInfo } from './errors.ts';
import { isObject } from './json.ts';

export interface RetryPolicy {
  /** All attempts, the first included. */
  readonly attempts: number;
  readonly backoff: 'exponential' | 'fixed';
  /** Milliseconds before the second attempt. */
  readonly delayMs: number;
  /** Longest delay in milliseconds. */
  readonly maxMs: number;
  readonly jitter: boolean;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 3,
  backoff: 'exponential',
  delayMs: 1_000,
  maxMs: 60_000,
  jitter: true,
};

/** An irreversible effect is tried once unless its author says otherwise. */
export function defaultRetry(effect: Effect): RetryPolicy {
  return effect === 'irreversible' ? { ...DEFAULT_RETRY, attempts: 1 } : DEFAULT_RETRY;
}

/**
 * Milliseconds until the next attempt, or null when there is none.
 * @param attempt the one that failed, from 1
 * @param random in [0, 1)
 */
export function retryDelay(policy: RetryPolicy, attempt: number, error: ErrorInfo, random: number): number | null {
  if (error.kind !== 'transient' || attempt >= policy.attempts) return null;
  const full = policy.backoff === 'fixed' ? policy.delayMs : policy.delayMs * 2 ** Math.min(attempt - 1, 40);
  const capped = Math.min(full, policy.maxMs);
  const drawn = policy.jitter ? Math.floor(random * capped) : capped;
  return Math.max(drawn, retryAfter(error));
}

/** What the other side asked for by `Retry-After`, in milliseconds. */
function retryAfter(error: ErrorInfo): number {
  const wanted = isObject(error.data) ? error.data.retryAfterMs : undefined;
  return typeof wanted === 'number' && wanted > 0 ? wanted : 0;
}
