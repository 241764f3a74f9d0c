/** What all requests share that do the same to all that fit a filter (contract/bulk.ts). */
import type { BulkAnswer } from '../contract/bulk.ts';
import type { PageDone } from '../engine/page-done.ts';

/** Those that one request looks at. */
export const BULK_PAGE = 500;

export const bulkAnswer = <Place>(
  { done, refused, next }: PageDone<Place>,
  cursorOf: (place: Place) => string,
): BulkAnswer => ({ done, refused, nextCursor: next === null ? null : cursorOf(next) });
