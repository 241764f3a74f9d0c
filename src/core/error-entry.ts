/** What a row of the table of errors is, and how one is written. */

/** `transient` may pass by itself and is retried; `permanent` is not. */
export type ErrorKind = 'transient' | 'permanent';

/** What kind of trouble it is, for whoever has to mend it: dead letters are sorted, and retried by rule, by this. */
export const CATEGORIES = ['timeout', 'rate_limit', 'connectivity', 'validation', 'auth', 'bug', 'unknown'] as const;
export type Category = (typeof CATEGORIES)[number];

export interface ErrorEntry {
  readonly kind: ErrorKind;
  readonly category: Category;
  readonly status: number;
  readonly meaning: string;
  readonly mend: string;
}

export const permanent = (status: number, meaning: string, mend: string, category = usual(status)): ErrorEntry => ({
  kind: 'permanent',
  category,
  status,
  meaning,
  mend,
});
export const transient = (
  status: number,
  meaning: string,
  mend: string,
  category: Category = 'connectivity',
): ErrorEntry => ({
  kind: 'transient',
  category,
  status,
  meaning,
  mend,
});

/** Of a permanent error whose row names no category. */
function usual(status: number): Category {
  if (status === 401 || status === 403) return 'auth';
  return status === 500 ? 'bug' : 'validation';
}
