/** What calls of models cost, and the budgets over them. Amounts are numbers in units of their currency. */
import { z } from 'zod';
import { BUDGET_SCOPES, EACH, USAGE_GROUPS } from '../core/budget/accounts.ts';
import { idParams, moment, oneOrMore, pageOf, pageQuery, time } from './page.ts';
import type { Route } from './route.ts';

const name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, 'takes no control characters');
const currency = z.string().regex(/^[A-Z]{3}$/, 'takes a currency such as USD');
const amount = z.number();

const usageQuery = z.strictObject({
  by: z.enum(USAGE_GROUPS).default('workflow'),
  from: moment.optional().describe('Calls that began at this time or later'),
  to: moment.optional().describe('Calls that began before this time'),
  workflow: name.optional().describe('Id or name'),
  execution: oneOrMore(z.uuid(), 200).optional().describe('Several: any of them'),
  session: name.optional(),
  user: name.optional(),
  model: name.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('Groups, the dearest first'),
});

const usageSchema = z
  .object({
    key: z
      .string()
      .describe('Id of the workflow or execution, path of the node, …; empty for the project, and for none'),
    currency,
    calls: z.int(),
    unknown: z.int().describe('Of these, how many nobody saw the end of; they count as their estimates'),
    inputTokens: z.int(),
    outputTokens: z.int(),
    cachedTokens: z.int(),
    cost: amount,
    reserved: amount.describe('Of calls on their way'),
  })
  .meta({ id: 'Usage' });
export type UsageAnswer = z.infer<typeof usageSchema>;

const callSchema = z
  .object({
    id: z.string(),
    path: z.string(),
    attempt: z.int(),
    model: z.string(),
    session: z.string().nullable(),
    user: z.string().nullable(),
    status: z.enum(['open', 'refused', 'paid', 'free', 'unknown']),
    currency,
    estimate: amount,
    cost: amount,
    usage: z.object({ inputTokens: z.int(), outputTokens: z.int(), cachedTokens: z.int().optional() }).nullable(),
    responseId: z.string().nullable().describe('Of the answer, at the provider'),
    startedAt: time,
    settledAt: time.nullable(),
  })
  .meta({ id: 'ModelCall' });
export type CallAnswer = z.infer<typeof callSchema>;

const place = {
  scope: z.enum(BUDGET_SCOPES),
  key: name
    .default(EACH)
    .describe('Id or name of the workflow, key of the session, id of the user; `*`: each has this limit of its own'),
  per: z.enum(['total', 'day']).default('total').describe('`day`: anew each day, in UTC'),
};
const budgetBody = z.strictObject({
  ...place,
  limit: z.number().min(0).max(1_000_000).describe('In units of the currency, such as 12.5'),
  currency: currency.default('USD'),
});

const budgetSchema = z
  .object({
    scope: z.enum(BUDGET_SCOPES),
    key: z.string(),
    per: z.enum(['total', 'day']),
    limit: amount,
    currency,
    account: z.string().describe('What it is about, such as `user:ada`; a rule for each has the 20 with most'),
    granted: amount.describe('By people to single agents, which may pass the limit by it'),
    spent: amount,
    reserved: amount.describe('Of calls on their way'),
  })
  .meta({ id: 'Budget' });
export type BudgetAnswer = z.infer<typeof budgetSchema>;

const budgetList = z.object({ items: z.array(budgetSchema) });

export const ledgerRoutes = {
  getUsage: {
    method: 'GET',
    path: '/api/usage',
    tag: 'Money',
    summary: 'Add up what calls of models cost',
    permission: 'executions:read',
    query: usageQuery,
    answers: { 200: { description: 'The dearest first', schema: z.object({ items: z.array(usageSchema) }) } },
    problems: [400, 404],
  },
  listExecutionCalls: {
    method: 'GET',
    path: '/api/executions/:id/calls',
    tag: 'Money',
    summary: 'List the calls of models of an execution',
    description: 'In the order they began, refused ones too. They are kept when the execution is deleted.',
    permission: 'executions:read',
    params: idParams,
    query: pageQuery,
    answers: { 200: { description: 'A page of them', schema: pageOf(callSchema) } },
    problems: [400, 404],
  },
  listBudgets: {
    method: 'GET',
    path: '/api/budgets',
    tag: 'Money',
    summary: 'List the budgets with what is spent of them',
    permission: 'executions:read',
    answers: { 200: { description: 'All of them; daily ones as of today', schema: budgetList } },
    problems: [400],
  },
  setBudget: {
    method: 'PUT',
    path: '/api/budgets',
    tag: 'Money',
    summary: 'Set a budget, or change its limit',
    description: 'Holds from the next call. A new one counts what was spent already.',
    permission: 'executions:write',
    body: budgetBody,
    answers: { 200: { description: 'All budgets as they are now', schema: budgetList } },
    problems: [400, 404],
  },
  removeBudget: {
    method: 'DELETE',
    path: '/api/budgets',
    tag: 'Money',
    summary: 'Remove a budget',
    permission: 'executions:write',
    query: z.strictObject(place),
    answers: { 204: { description: 'It is gone' } },
    problems: [400, 404],
  },
} as const satisfies Record<string, Route>;

export type UsageQuery = z.input<typeof usageQuery>;
export type NewBudget = z.input<typeof budgetBody>;
export type BudgetPlace = Pick<NewBudget, 'scope' | 'key' | 'per'>;
