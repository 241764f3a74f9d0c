/** /api/usage, /api/budgets and the calls of an execution: what was spent, and how much may be. */
import type { FastifyInstance } from 'fastify';
import type { BudgetAnswer, BudgetPlace, CallAnswer, UsageAnswer } from '../contract/ledger.ts';
import { type BudgetScope, EACH, MAX_BUDGETS } from '../core/budget/accounts.ts';
import { MyelinError } from '../core/errors.ts';
import { NANOS, toNanos } from '../core/money.ts';
import { isUuid } from '../core/uuid.ts';
import type { BudgetState, CallRow, UsageRow } from '../ports/ledger.ts';
import type { ApiDeps } from './deps.ts';
import { findExecution } from './executions.ts';
import { operation } from './operation.ts';
import { workflowIdOf } from './workflows.ts';

type Deps = Pick<ApiDeps, 'store' | 'runtime'>;

export function ledger(app: FastifyInstance, deps: Deps): void {
  const { ledger, executions } = deps.store;

  operation(app, 'getUsage', async ({ projectId, query }) => {
    const { by, from, to, workflow, execution, session, user, model, limit } = query;
    const workflowId =
      workflow === undefined ? undefined : await workflowIdOf(deps.store.workflows, projectId, workflow);
    const rows = await ledger.usage({
      ...{ projectId, by, limit },
      ...(from !== undefined && { from: Date.parse(from) }),
      ...(to !== undefined && { to: Date.parse(to) }),
      ...(workflowId !== undefined && { workflowId }),
      ...(execution !== undefined && { executionIds: execution }),
      ...(session !== undefined && { session }),
      ...(user !== undefined && { userId: user }),
      ...(model !== undefined && { model }),
    });
    return { items: rows.map(usageAnswer) };
  });

  operation(app, 'listExecutionCalls', async ({ projectId, params: { id }, query: { limit, cursor } }) => {
    const offset = offsetOf(cursor);
    const found = isUuid(id) ? await ledger.calls(projectId, id, { offset, limit: limit + 1 }) : [];
    if (found.length === 0) await findExecution(executions, projectId, id);
    const nextCursor = found.length > limit ? String(offset + limit) : null;
    return { items: found.slice(0, limit).map(callAnswer), nextCursor };
  });

  const list = async (projectId: string) => {
    return { items: (await ledger.budgets(projectId, deps.runtime.now())).map(budgetAnswer) };
  };
  operation(app, 'listBudgets', ({ projectId }) => list(projectId));

  operation(app, 'setBudget', async ({ projectId, body }) => {
    const { scope, per, currency } = body;
    const now = deps.runtime.now();
    const key = await keyOf(deps, projectId, body);
    const present = new Set(
      (await ledger.budgets(projectId, now)).map(({ scope, key, per }) => `${scope} ${per} ${key}`),
    );
    if (present.size >= MAX_BUDGETS && !present.has(`${scope} ${per} ${key}`)) {
      throw new MyelinError(
        'invalid_request',
        `A project has at most ${MAX_BUDGETS} budgets; remove one, or use \`*\`.`,
      );
    }
    await ledger.setBudget({ projectId, scope, key, per, limit: toNanos(body.limit), currency }, now);
    return await list(projectId);
  });

  operation(app, 'removeBudget', async ({ projectId, query }) => {
    const { scope, per } = query;
    const key = await keyOf(deps, projectId, query);
    if (await ledger.removeBudget({ projectId, scope, key, per })) return undefined;
    const others = (await ledger.budgets(projectId, deps.runtime.now())).filter(
      (one) => one.scope === scope && one.key === key,
    );
    throw new MyelinError('budget_not_found', missing(query, others[0]?.per));
  });
}

/** `other`: the time for which there is one. */
function missing({ scope, key, per }: Required<BudgetPlace>, other: BudgetPlace['per']): string {
  const told = (time: BudgetPlace['per']) => (time === 'day' ? 'per day' : 'in total');
  const text = `There is no budget ${key === EACH ? scope : `${scope}:${key}`} ${told(per)}`;
  return other === undefined
    ? `${text}.`
    : `${text}, but one ${told(other)}: add \`--per ${other}\` (\`per=${other}\`).`;
}

async function keyOf(deps: Deps, projectId: string, of: { scope: BudgetScope; key: string }): Promise<string> {
  if (of.scope === 'workflow' && of.key !== EACH) return await workflowIdOf(deps.store.workflows, projectId, of.key);
  if (of.scope === 'project' && of.key !== EACH) {
    throw new MyelinError('invalid_request', 'key: a budget of the project takes none, or `*`');
  }
  return of.key;
}

function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw new MyelinError('invalid_request', 'query.cursor: take it from `nextCursor` of the page before');
}

const units = (nanos: number): number => nanos / NANOS;

const usageAnswer = ({ cost, reserved, ...row }: UsageRow): UsageAnswer => {
  return { ...row, cost: units(cost), reserved: units(reserved) };
};

function callAnswer(row: CallRow): CallAnswer {
  const { id, path, attempt, model, session, userId, status, currency, estimate, cost, usage, responseId } = row;
  const settledAt = row.settledAt === null ? null : new Date(row.settledAt).toISOString();
  return {
    ...{ id, path, attempt, model, session, user: userId, status, currency, usage, responseId },
    ...{ estimate: units(estimate), cost: units(cost), startedAt: new Date(row.startedAt).toISOString(), settledAt },
  };
}

function budgetAnswer({
  scope,
  key,
  per,
  limit,
  currency,
  account,
  granted,
  spent,
  reserved,
}: BudgetState): BudgetAnswer {
  const amounts = { limit: units(limit), granted: units(granted), spent: units(spent), reserved: units(reserved) };
  return { scope, key, per, currency, account, ...amounts };
}
