/** The kinds of trouble; what each is stands in `categories.ts`, which only pages need. */
import type { Category } from '../../../../src/core/errors.ts';

const ALL: Readonly<Record<Category, true>> = {
  timeout: true,
  rate_limit: true,
  connectivity: true,
  validation: true,
  auth: true,
  bug: true,
  unknown: true,
};

export const CATEGORY_IDS = Object.keys(ALL) as readonly Category[];
