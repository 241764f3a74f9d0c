/**
 * The same done to all that fit a filter: the server takes a page of them at a time and says where to go on, and the
 * client asks until there is no more. So it can be stopped between two pages, and gone on with after a failure.
 */
import { z } from 'zod';

/** What is asked for: which, what else there is to say, and where to go on. */
export const bulkBody = <F extends z.ZodType, O extends z.ZodRawShape>(filter: F, others: O) =>
  z.strictObject({
    filter,
    ...others,
    cursor: z.string().min(1).max(200).optional().describe('`nextCursor` of the answer before'),
  });

export const bulkSchema = z
  .object({
    done: z.int().describe('Of this page'),
    refused: z.int().describe('Of this page: they fit, but are left as they are'),
    nextCursor: z.string().nullable().describe('Send it as `cursor` to go on; null: that was all'),
  })
  .meta({ id: 'BulkPage' });
export type BulkAnswer = z.infer<typeof bulkSchema>;
