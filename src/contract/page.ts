/** Lists: how a page is asked for, and the form of its answer. */
import { z } from 'zod';

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;

export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe('Items of one page'),
  cursor: z.string().min(1).max(200).optional().describe('`nextCursor` of the page before'),
});

/** A parameter that may stand there several times, each with one value: what fits any of them. */
export const oneOrMore = <T extends z.ZodType>(one: T, most: number) =>
  z.preprocess(
    (value: z.input<T> | readonly z.input<T>[] | undefined) =>
      value === undefined || Array.isArray(value) ? value : [value],
    z.array(one).min(1).max(most),
  );

/** A page of items; `nextCursor` null is the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Pass it as `cursor` for the next page; null: this is the last'),
  });
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Of how many there are: no further than somebody wants to know. */
export const countUpTo = z.coerce.number().int().min(1).max(10_000).default(100).describe('Counts up to this');
export const counted = { description: 'How many there are', schema: z.object({ count: z.int() }) };

/** A point in time, such as 2026-07-01T12:00:00.000Z. */
export const time = z.iso.datetime({ offset: true });

/** What a list is asked from and to: a point in time, or a day for its beginning in UTC. */
export const moment = z.union(
  [time, z.iso.date()],
  'takes a time such as 2026-07-01T12:00:00Z, or a day such as 2026-07-01',
);

/** A definition or execution is addressed by what stands in the path. */
export const idParams = z.strictObject({ id: z.string().min(1).max(200) });
