/** What goes when: rules and a dry run. */
import { z } from 'zod';
import type { Ruled } from '../core/retention.ts';
import { pageOf, pageQuery, time } from './page.ts';
import type { Route } from './route.ts';

/** Counting ends here. */
export const COUNTED = 100_000;

const keep = z.string().describe('Such as `30d`, `newest 100`, `30d, newest 100`, or `forever`');
const byEnd = <T extends z.ZodType>(each: T) =>
  z.object({ completed: each, failed: each, canceled: each, compensated: each } satisfies Record<Ruled, T>);
const rules = byEnd(keep);

const retainedSchema = z.object({
  workflowId: z.string(),
  workflowName: z.string().nullable().describe('Null where it was deleted'),
  rules: rules.describe('That hold for it, its own and those of the server'),
  own: z.boolean().describe('Its document has rules of its own'),
  due: byEnd(z.int()).describe(`Executions that would go now; counted up to ${COUNTED} of each status`),
});
export type RetainedAnswer = z.output<typeof retainedSchema>;

const retentionPage = pageOf(retainedSchema).extend({
  rules: rules.describe('Of the server'),
  lastPass: z
    .object({ startedAt: time, finishedAt: time.nullable() })
    .nullable()
    .describe('When executions were last removed'),
});

export type RetentionAnswer = z.output<typeof retentionPage>;

export const retentionRoutes = {
  getRetention: {
    method: 'GET',
    path: '/api/retention',
    tag: 'Executions',
    summary: 'Read how long executions are kept, and what would go now',
    description: 'Removes nothing. One item for each workflow, by its id; deleted ones keep their executions.',
    permission: 'executions:read',
    query: pageQuery,
    answers: { 200: { description: 'The rules, and a page of workflows', schema: retentionPage } },
    problems: [400],
  },
} as const satisfies Record<string, Route>;
