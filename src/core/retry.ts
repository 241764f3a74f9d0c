/**
 * When a failed attempt is tried again: by the error's kind, unless the policy names its code. Back-off with full
 * jitter: a delay is drawn evenly from [0, min(max, delay * 2^(attempt-1))],
 * after Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
import type { Effect } from './effect.ts';
import type { ErrorInfo } from './errors.ts';
import { isObject } from './json.ts';

export interface RetryPolicy {
  /** All attempts, the first included, but those that ended with their process. */
  readonly attempts: number;
  readonly backoff: Backoff;
  /** Milliseconds before the second attempt. */
  readonly delayMs: number;
  /** Of `list`: milliseconds before the second attempt, the third, …; the last one repeats. */
  readonly delaysMs: readonly number[];
  /** Longest delay in milliseconds; does not shorten a list. */
  readonly maxMs: number;
  readonly jitter: boolean;
  /** Codes of errors tried again though they are permanent. */
  readonly retryOn: readonly string[];
  /** Codes of errors never tried again. */
  readonly doNotRetryOn: readonly string[];
  /** `wait`: an attempt that an open circuit refused is not counted, since nothing was sent. */
  readonly openCircuit: OpenCircuit;
}

export const BACKOFFS = ['exponential', 'fixed', 'list'] as const;
type Backoff = (typeof BACKOFFS)[number];

export const OPEN_CIRCUIT = ['wait', 'count'] as const;
type OpenCircuit = (typeof OPEN_CIRCUIT)[number];

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 3,
  backoff: 'exponential',
  delayMs: 1_000,
  delaysMs: [],
  maxMs: 60_000,
  jitter: true,
  retryOn: [],
  doNotRetryOn: [],
  openCircuit: 'wait',
};

/** Nobody may make us wait longer than this by `Retry-After`. */
const LONGEST_ASKED_MS = 3_600_000;
/** Before a look at a circuit that does not say how long it stays open. */
const LOOK_AGAIN_MS = 1_000;

/** An irreversible effect is tried once unless its author says otherwise. */
export function defaultRetry(effect: Effect): RetryPolicy {
  return effect === 'irreversible' ? { ...DEFAULT_RETRY, attempts: 1 } : DEFAULT_RETRY;
}

/** What comes after a failed attempt. */
interface NextAttempt {
  /** Milliseconds until then. */
  readonly delayMs: number;
  /** The attempt that failed counts among `attempts`. */
  readonly counted: boolean;
}

/**
 * The next attempt, or null when there is none.
 * @param attempt the one that failed, from 1, without those that were not counted
 * @param random in [0, 1)
 */
export function nextAttempt(
  policy: RetryPolicy,
  attempt: number,
  error: ErrorInfo,
  random: number,
): NextAttempt | null {
  if (!isRetried(policy, error)) return null;
  // An attempt that a crash cut off: it was no failure of what was called.
  if (error.code === 'answer_lost') return { delayMs: 0, counted: false };
  if (error.code === 'circuit_open' && policy.openCircuit === 'wait') {
    return { delayMs: afterCircuit(error, random), counted: false };
  }
  if (attempt >= policy.attempts) return null;
  const full = backoff(policy, attempt);
  const drawn = policy.jitter ? Math.floor(random * full) : full;
  return { delayMs: Math.max(drawn, askedDelay(error)), counted: true };
}

function isRetried({ retryOn, doNotRetryOn }: RetryPolicy, { code, kind }: ErrorInfo): boolean {
  if (doNotRetryOn.includes(code)) return false;
  return kind === 'transient' || retryOn.includes(code);
}

function backoff({ backoff: kind, delayMs, delaysMs, maxMs }: RetryPolicy, attempt: number): number {
  if (kind === 'list') return delaysMs[Math.min(attempt, delaysMs.length) - 1]!;
  return Math.min(kind === 'fixed' ? delayMs : delayMs * 2 ** Math.min(attempt - 1, 40), maxMs);
}

/** Up to a quarter later than asked, so that those who wait for one circuit do not all come at once. */
function afterCircuit(error: ErrorInfo, random: number): number {
  const asked = Math.max(askedDelay(error), LOOK_AGAIN_MS);
  return asked + Math.floor((random * asked) / 4);
}

/** What the other side asked for by `Retry-After`, in milliseconds, at most an hour; 0 where it said nothing. */
export function askedDelay(error: ErrorInfo): number {
  const wanted = isObject(error.data) ? error.data.retryAfterMs : undefined;
  return typeof wanted === 'number' && wanted > 0 ? Math.min(wanted, LONGEST_ASKED_MS) : 0;
}
