/** Rules by which dead letters are tried again without a person, one for each category. */
import { CATEGORIES, type Category } from './errors.ts';

export interface RetryRule {
  readonly category: Category;
  readonly enabled: boolean;
  /** Milliseconds from a failure to the next try; doubled with each that was made. */
  readonly delayMs: number;
  /** Tries at most, those by hand included. */
  readonly limit: number;
}

const MINUTE_MS = 60_000;
/** What may pass by itself. All else comes again until a person has acted. */
const BY_ITSELF: ReadonlySet<Category> = new Set(['timeout', 'rate_limit', 'connectivity']);

/** Where a project has set none of its own. */
export const DEFAULT_RULES: readonly RetryRule[] = CATEGORIES.map((category) => ({
  category,
  enabled: BY_ITSELF.has(category),
  delayMs: 5 * MINUTE_MS,
  limit: 3,
}));

/** Longest delay, however often it was doubled. */
export const LONGEST_RETRY_MS = 7 * 24 * 60 * MINUTE_MS;

/** When the next try is due, in milliseconds since the epoch; null: by this rule there is none. */
export function retryAt(rule: RetryRule, failedAt: number, retries: number): number | null {
  if (!rule.enabled || retries >= rule.limit) return null;
  return failedAt + Math.min(rule.delayMs * 2 ** retries, LONGEST_RETRY_MS);
}
