/** The config of a poll, as written in a definition: where it looks, how often, and by what it knows what is new. */
import { z } from 'zod';
import { triggerConnection } from '../brokers/trigger-fields.ts';
import { durationSchema, parseDuration } from '../duration.ts';
import { dynamic } from '../dynamic.ts';
import { templateFaults } from '../expression/index.ts';
import { httpAuth } from '../http-auth.ts';
import { DEFAULT_PAGES, httpPaginate, mostPages } from '../http-paginate.ts';
import { canonical } from '../json-schema/place.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const parameters = z.record(z.string(), z.union([scalar, z.array(scalar)]));

const within = (least: number, most: number) => (text: string) => {
  const ms = parseDuration(text);
  return ms >= least && ms <= most;
};
const isDuration = ({ issues }: { readonly issues: readonly unknown[] }) => issues.length === 0;

/** An expression over one value, which neither a secret nor the cursor can be part of. */
const expression = z
  .string()
  .max(1_000)
  .superRefine((text, context) => {
    const [fault] = templateFaults(text, ['$json', '$trigger', '$now']);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault.message });
    else if (!text.includes('{{')) context.addIssue({ code: 'custom', message: 'write an expression in {{ }}' });
  });

const timeout = durationSchema
  .refine(within(1, 60_000), { error: 'must be 60s or shorter', when: isDuration })
  .optional()
  .meta({ description: 'For one poll; default 30s' });

const paginate = httpPaginate
  .omit({ items: true })
  .extend({ max: mostPages.optional().meta({ description: 'Most pages of one poll; default 10' }) })
  .meta({ description: 'Reads page after page, until it meets what it knows' });

const http = z
  .strictObject({
    method: z.enum(['GET', 'POST']).optional().meta({ description: 'Default GET' }),
    connection: triggerConnection('http').optional(),
    url: z.string().min(1).max(10_000).describe('Of a connection: the path behind its base URL'),
    headers: dynamic(z.record(z.string(), scalar)).optional(),
    query: dynamic(parameters).optional().meta({ description: 'Added to the URL; a list repeats its parameter' }),
    body: z.unknown().optional().meta({ description: 'Text is sent as it is, everything else as JSON' }),
    auth: httpAuth.optional(),
    timeout,
    paginate: paginate.optional(),
    items: expression.optional().meta({
      description: 'The list of items: an expression over $json, the body, and $trigger, the answer; default the body',
    }),
  })
  .refine((config) => config.paginate === undefined || config.method !== 'POST', {
    path: ['paginate'],
    message: 'only GET can be paged',
  })
  .refine((config) => config.connection === undefined || config.auth === undefined, {
    path: ['auth'],
    message: 'the connection has the credentials; give either connection or auth',
  })
  .refine((config) => config.body === undefined || config.method === 'POST', {
    path: ['body'],
    message: 'goes with `method: POST`',
  });

const sql = z.strictObject({
  connection: triggerConnection('postgres'),
  query: z
    .string()
    .min(1)
    .max(100_000)
    .refine((text) => !text.includes('{{'), 'takes no {{ }}: write $1 for the cursor')
    .describe('One statement that reads, ordered by its cursor; $1 is the cursor, null before the first'),
  timeout,
});

const rate = z
  .strictObject({
    limit: z.int().min(1).max(1_000),
    per: durationSchema.refine(within(1_000, 86_400_000), { error: 'must be from 1s to 1d', when: isDuration }),
  })
  .meta({ description: 'Requests that it sends at most, evenly, such as 10 per 1m; default as many as it needs' });

export const pollConfig = z
  .strictObject({
    http: http.optional(),
    sql: sql.optional(),
    every: durationSchema
      .refine(within(5_000, 7 * 86_400_000), { error: 'must be from 5s to 7d', when: isDuration })
      .meta({ description: 'Pause between the end of a poll and the next, such as 1m' }),
    rate: rate.optional(),
    cursor: expression.optional().meta({
      description: 'What grows from item to item, text or a number: an expression over $json, the item',
    }),
    changed: z
      .literal('hash')
      .optional()
      .meta({ description: 'Instead of a cursor: an item is new where it is another than the last one of its id' }),
    itemId: expression.optional().meta({
      description: 'What tells items apart: an expression over $json, the item; default its field id with `changed`',
    }),
    from: z
      .union([z.string().max(1_000), z.number()])
      .optional()
      .meta({ description: '$cursor of the first poll; default null' }),
    first: z.enum(['all', 'none']).optional().meta({
      description: 'What the items of the first poll do: all start, or none (default) and only later ones do',
    }),
  })
  .superRefine(({ http: web, sql: database, cursor, changed, from, rate: bound }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const pages = web?.paginate === undefined ? 1 : (web.paginate.max ?? DEFAULT_PAGES);
    if (bound !== undefined && (pages - 1) * gapOf({ rate: bound }) > 60_000) {
      fault('rate', `${pages} pages take longer than 60s at it; lower http.paginate.max, or raise the rate`);
    }
    if (web === undefined && database === undefined) fault('http', 'is needed, or sql');
    if (web !== undefined && database !== undefined) fault('sql', 'goes not with http; make two triggers');
    if (cursor === undefined && changed === undefined) fault('cursor', 'is needed, or `changed: hash`');
    if (cursor !== undefined && changed !== undefined) fault('changed', 'goes not with cursor; give one of them');
    if (cursor !== undefined) return;
    if (from !== undefined) fault('from', 'goes with cursor');
    if (database !== undefined && takesCursor(database.query)) fault('sql', 'has $1, which goes with cursor');
  });

export type PollConfig = z.output<typeof pollConfig>;

/** Milliseconds between two requests; 0: as they come. */
export const gapOf = ({ rate }: Pick<Partial<PollConfig>, 'rate'>): number =>
  rate === undefined ? 0 : Math.ceil(parseDuration(rate.per) / rate.limit);

export const takesCursor = (query: string): boolean => /\$1(?!\d)/.test(query);

/** All that it says, in one form: who has changed anything of it wants to see at once what comes of that. */
export const stampOf = (config: Readonly<Record<string, unknown>>): string => canonical(config);

/** What its state is of. Where it is another than before, the state begins anew; `every`, for one, does not matter. */
export function sourceOf(config: Readonly<Record<string, unknown>>): string {
  const { http: web, sql: database, cursor, changed, itemId } = config as Partial<PollConfig>;
  const place = web ? [web.connection, web.url, web.items] : [database?.connection, database?.query];
  return JSON.stringify([web ? 'http' : 'sql', ...place, cursor, changed, itemId]);
}
