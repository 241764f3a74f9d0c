/** The kinds of trouble; what each is stands in `categories.ts`, which only pages need. */
import type { Category } from '../../../../src/core/errors.ts';

export const CATEGORY_IDS = [
  'timeout',
  'rate_limit',
  'connectivity',
  'validation',
  'auth',
  'bug',
  'unknown',
] as const satisfies readonly Category[];
