/** Approvals: what people are asked, and what they answer. Times are ISO strings. */
import { z } from 'zod';
import { countUpTo, oneOrMore, pageOf, pageQuery, time } from './page.ts';

const name = z.string().trim().min(1).max(200);
/** A person and the groups the person is in. */
const names = oneOrMore(name, 50);

const STATUSES = ['open', 'decided', 'expired', 'canceled'] as const;
const DECISIONS = ['approved', 'rejected'] as const;

const decisionSchema = z.object({
  decision: z.enum([...DECISIONS, 'expired']),
  by: z.string().describe('`timeout` where nobody decided in time'),
  as: z.string().optional().describe('Of those who were asked, the one in whose name'),
  via: z.enum(['link', 'mcp']).optional().describe('By whoever had the link, or whoever an MCP client asked'),
  comment: z.string().optional(),
  data: z.unknown().optional().describe('What was filled in or edited'),
  at: time,
});
export type Decision = z.infer<typeof decisionSchema>;

const summary = {
  id: z.string(),
  status: z.enum(STATUSES).describe('`canceled`: the execution waits no more'),
  title: z.string(),
  brief: z.string().nullable().describe('What the person should see, in short: JSON of at most 200 characters'),
  assignees: z.array(z.string()).nullable().describe('null: anybody'),
  due: time.nullable(),
  workflowId: z.string(),
  workflowName: z.string(),
  executionId: z.string(),
  path: z.string().describe('Address of the node, such as each[3]/ask'),
  createdAt: time,
  closedAt: time.nullable(),
  decision: decisionSchema.nullable(),
};

const approvalSummarySchema = z.object(summary).meta({ id: 'ApprovalSummary' });
export type ApprovalSummary = z.infer<typeof approvalSummarySchema>;

export const approvalSchema = z
  .object({
    ...summary,
    description: z.string().nullable(),
    data: z.unknown().describe('What the person should see'),
    form: z.unknown().describe('JSON Schema of what the person fills in; null: nothing'),
    reminders: z.int().describe('Reminders so far'),
    delegations: z.array(z.object({ by: z.string(), to: z.array(z.string()), at: time })),
    links: z
      .object({ approve: z.string(), reject: z.string() })
      .nullable()
      .describe('Whoever has one can decide, once and without a key; null: it is not open'),
  })
  .meta({ id: 'Approval' });
export type Approval = z.infer<typeof approvalSchema>;

export const approvalPage = pageOf(approvalSummarySchema);

export const approvalsQuery = pageQuery.extend({
  status: z.enum(['open', 'decided']).optional().describe('decided: all that are not open any more'),
  assignee: names.optional().describe('One of those who are asked, by the exact name; several: any of them'),
  for: names.optional().describe('What waits for somebody of these names: it asks one of them, or nobody by name'),
  workflow: z.string().min(1).max(200).optional().describe('Id or name'),
  order: z
    .enum(['newest', 'due'])
    .default('newest')
    .describe('due: what must be decided soonest comes first, what has no due time last'),
});

export const approvalsCountQuery = approvalsQuery.omit({ cursor: true }).extend({ limit: countUpTo });

const as = name.optional().describe('Of those who are asked, the one in whose name; `owner` may always decide');

export const decideBody = z.strictObject({
  decision: z.enum(DECISIONS),
  by: name.describe('Who decides'),
  as,
  comment: z.string().max(10_000).optional(),
  data: z.unknown().optional().describe('What was filled in or edited; checked against the form'),
});
export type DecideBody = z.infer<typeof decideBody>;

export const delegateBody = z.strictObject({
  to: z.array(name).min(1).max(100).describe('Who is asked from now on'),
  by: name.describe('Who passes it on'),
  as,
});
export type DelegateBody = z.infer<typeof delegateBody>;

export const linkParams = z.strictObject({ id: z.string().max(200), decision: z.string().max(20) });
export const linkQuery = z.looseObject({ token: z.string().max(200).default('') });
/** The fields of the page's own form. */
export const linkBody = z.looseObject({ by: z.string().optional(), comment: z.string().optional() });

export const callbackAddress = z
  .object({ url: z.string().describe('Such as `$execution.callbackUrl`') })
  .meta({ id: 'CallbackAddress' });

export const callbackParams = z.strictObject({ execution: z.string(), token: z.string() });
export const nodeCallbackParams = callbackParams.extend({ node: z.string() });
