/** How the answers of an API tell where their next page is: the same for nodes and polls. */
import { z } from 'zod';
import { dynamic } from './dynamic.ts';

export const mostPages = z.int().min(1).max(1_000);
export const DEFAULT_PAGES = 10;

/** `next`, `items`: where to look in `{ status, headers, body }` of a page. */
const path = z.string().regex(/^(body|headers)(\.[^.\s]+)*$/, 'a path such as body.next or body.data.items');

export const httpPaginate = z.strictObject({
  next: path.or(z.literal('link')).meta({
    description: '`link` for the Link header with rel=next, or the path of a URL (or cursor) in the answer',
  }),
  cursorParam: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Query parameter that takes the cursor found at next' }),
  items: path.optional().meta({ description: 'Path of the list in each page; default body' }),
  max: dynamic(mostPages).optional().meta({ description: 'Most pages to read; default 10' }),
});
