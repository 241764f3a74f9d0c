/** Dead letters: what failed for good, alone, in lists and in groups; and the rules by which they are retried. */
import { z } from 'zod';
import { LETTER_STATUSES } from '../core/dead-letter.ts';
import { durationSchema, parseDuration } from '../core/duration.ts';
import { CATEGORIES } from '../core/errors.ts';
import { LONGEST_RETRY_MS } from '../core/retry-rule.ts';
import { bulkBody } from './bulk.ts';
import { countUpTo, moment, pageOf, pageQuery, time } from './page.ts';
import { errorInfoSchema } from './problem.ts';

const category = z.enum(CATEGORIES);
const status = z.enum(LETTER_STATUSES);

const summary = {
  id: z.string().describe('Of an execution: its id'),
  source: z.enum(['execution', 'message']),
  executionId: z.string().nullable(),
  workflowId: z.string().nullable().describe('null where a message could not be delivered, by the fault of no trigger'),
  workflowName: z.string().nullable().describe('null where the workflow was deleted'),
  version: z.int().nullable(),
  triggerId: z.string().nullable(),
  error: errorInfoSchema,
  path: z.string().nullable().describe('The node that failed; null: the execution as a whole'),
  attempts: z.int().describe('Of that node; of a message, deliveries'),
  category,
  action: z.string().describe('What to do about it'),
  fingerprint: z.string().describe('The same for failures of the same cause'),
  automatic: z.boolean().describe('A rule may retry it: no effect is in doubt'),
  status,
  retries: z.int().describe('By rule and by hand'),
  retryAt: time.nullable().describe('When a rule retries it'),
  retriedAs: z.string().nullable().describe('The execution that took its place'),
  reviewedBy: z.string().nullable(),
  reviewedAt: time.nullable(),
  notes: z.string().nullable(),
  createdAt: time.describe('Of the first failure'),
  failedAt: time.describe('Of the latest failure'),
  updatedAt: time,
};

const letterSummarySchema = z.object(summary).meta({ id: 'DeadLetterSummary' });
export type DeadLetterSummary = z.infer<typeof letterSummarySchema>;

export const letterSchema = z
  .object({ ...summary, originalEvent: z.unknown().describe('`$trigger`: what started the execution') })
  .meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof letterSchema>;

export const letterPage = pageOf(letterSummarySchema);

const groupSchema = z
  .object({
    workflowId: z.string().nullable(),
    workflowName: z.string().nullable(),
    fingerprint: z.string(),
    count: z.int(),
    new: z.int().describe('How many of these are NEW'),
    reviewed: z.int().describe('How many are REVIEWED: they can be requeued too'),
    firstSeen: time,
    lastSeen: time,
    sample: letterSummarySchema.describe('The latest of them'),
  })
  .meta({ id: 'DeadLetterGroup' });
export type DeadLetterGroup = z.infer<typeof groupSchema>;

export const groupPage = pageOf(groupSchema);

/** What PostgreSQL takes for a text. */
const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^\P{Cs}*$/u)
    .regex(/^[^\0]*$/, 'takes no NUL');

const filter = {
  status: status.optional(),
  category: category.optional(),
  workflow: z.string().min(1).max(200).optional().describe('Id or name'),
  fingerprint: text(300).optional(),
  from: moment.optional().describe('Failed last at this time or later'),
  to: moment.optional().describe('Failed last before this time'),
};
const filterSchema = z.strictObject(filter);
export type LetterFilterQuery = z.infer<typeof filterSchema>;

export const lettersQuery = pageQuery.extend(filter);
export const groupsQuery = pageQuery.omit({ cursor: true }).extend(filter);
export const lettersCountQuery = z.strictObject({ limit: countUpTo, ...filter });

export const requeueBody = z.strictObject({
  payload: z
    .unknown()
    .optional()
    .describe('Start a new execution with this as `$trigger`, or as the data of the message; absent: the same goes on'),
});

export const requeueManyBody = bulkBody(filterSchema, {});

const note = {
  note: text(2_000).optional().describe('Kept with the letter'),
  by: text(200).optional().describe('Who'),
};
export const noteBody = z.strictObject(note);
export const archiveManyBody = bulkBody(filterSchema, note);

const rule = {
  category,
  enabled: z.boolean(),
  delay: durationSchema.describe('From a failure to the next try; doubled with each, up to 7 days'),
  limit: z.int().min(0).max(20).describe('Tries at most, those by hand included'),
};
export const ruleBody = z
  .strictObject({ ...rule, delay: rule.delay.optional(), limit: rule.limit.optional() })
  .refine(({ delay = '1s' }) => parseDuration(delay) >= 1_000 && parseDuration(delay) <= LONGEST_RETRY_MS, {
    path: ['delay'],
    message: 'takes 1s to 7d',
  });
export const rulesSchema = z.object({
  items: z.array(z.object({ ...rule, own: z.boolean().describe('Set by the project; else the default') })),
});
