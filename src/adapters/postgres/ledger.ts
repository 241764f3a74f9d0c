/** What people ask of the books, and the ids of answers that are noted beside calls on their way. */
import type { UsageGroup } from '../../core/budget/accounts.ts';
import type { CallRow, LedgerStore, UsageQuery, UsageRow } from '../../ports/ledger.ts';
import { listBudgets, removeBudget, setBudget } from './budgets.ts';
import { array } from './columns.ts';
import { guarded } from './failures.ts';
import type { RuledProjects } from './ruled-projects.ts';
import type { Pool, Row, Sql } from './sql.ts';

export function ledgerStore(sql: Pool, ruled: RuledProjects): LedgerStore {
  return {
    usage: (query) => guarded(() => usage(sql, query)),
    calls: (projectId, executionId, page) => guarded(() => calls(sql, projectId, executionId, page)),
    noted: (executionId, path) =>
      guarded(async () => {
        const [row] = await sql`
          select response_id from model_calls where execution_id = ${executionId} and path = ${path} and status = 'open'`;
        return (row?.response_id as string | null | undefined) ?? undefined;
      }),
    note: (executionId, path, responseId) =>
      guarded(async () => {
        await sql`
          update model_calls set response_id = ${responseId}
           where execution_id = ${executionId} and path = ${path} and status = 'open'`;
      }),
    budgets: (projectId, now) => guarded(() => listBudgets(sql, projectId, now)),
    setBudget: (rule, now) => {
      ruled.add(rule.projectId);
      return guarded(() => sql.begin((tx) => setBudget(tx, rule, now)));
    },
    removeBudget: (rule) => guarded(() => sql.begin((tx) => removeBudget(tx, rule))),
  };
}

/** What each group is found by. */
const GROUPS = {
  project: `''`,
  workflow: 'workflow_id::text',
  execution: 'execution_id::text',
  node: `regexp_replace(path, '\\[\\d+\\]', '', 'g')`,
  session: `coalesce(session, '')`,
  user: `coalesce(user_id, '')`,
  model: 'model',
  day: `to_char(to_timestamp(started_at / 1000.0) at time zone 'UTC', 'YYYY-MM-DD')`,
  hour: `to_char(to_timestamp(started_at / 1000.0) at time zone 'UTC', 'YYYY-MM-DD"T"HH24":00:00.000Z"')`,
} as const satisfies Record<UsageGroup, string>;

async function usage(sql: Sql, { projectId, by, limit, ...filter }: UsageQuery): Promise<UsageRow[]> {
  const parameters: unknown[] = [projectId];
  const conditions = FILTERS.flatMap(([field, condition]) => {
    const value = filter[field];
    if (value === undefined) return [];
    const place = parameters.push(typeof value === 'object' ? array(value) : value);
    return [` and ${condition.replace('?', `$${place}`)}`];
  });
  const rows = await sql.unsafe(
    `select * from (
     select ${GROUPS[by]} as key, currency, count(*)::int as calls,
            (count(*) filter (where status = 'unknown'))::int as unknown,
            coalesce(sum(input_tokens), 0)::bigint as input_tokens,
            coalesce(sum(output_tokens), 0)::bigint as output_tokens,
            coalesce(sum(cached_tokens), 0)::bigint as cached_tokens,
            sum(cost)::bigint as cost,
            coalesce(sum(estimate) filter (where status = 'open'), 0)::bigint as reserved
       from model_calls
      where project_id = $1 and status <> 'refused'${conditions.join('')}
      group by 1, 2) u
      order by cost desc, reserved desc, key collate "C", currency
      limit $${parameters.push(limit)}`,
    parameters,
  );
  return rows.map(toUsage);
}

const FILTERS = [
  ['from', 'started_at >= ?'],
  ['to', 'started_at < ?'],
  ['workflowId', 'workflow_id = ?'],
  ['executionIds', 'execution_id = any(?::uuid[])'],
  ['session', 'session = ?'],
  ['userId', 'user_id = ?'],
  ['model', 'model = ?'],
] as const;

function toUsage(row: Row): UsageRow {
  const { key, currency, calls, unknown, cost, reserved } = row;
  const tokens = { inputTokens: row.input_tokens, outputTokens: row.output_tokens, cachedTokens: row.cached_tokens };
  return { key, currency, calls, unknown, ...tokens, cost, reserved };
}

async function calls(
  sql: Sql,
  projectId: string,
  executionId: string,
  page: { offset: number; limit: number } | undefined,
): Promise<CallRow[]> {
  const rows = await sql`
    select * from model_calls where project_id = ${projectId} and execution_id = ${executionId}
     order by place offset ${page?.offset ?? 0} limit ${page?.limit ?? null}`;
  return rows.map(toCall);
}

function toCall(row: Row): CallRow {
  const { path, attempt, model, status, currency, estimate, cost, session } = row;
  const cached = row.cached_tokens === null ? {} : { cachedTokens: row.cached_tokens as number };
  return {
    ...{ id: `${row.execution_id}/${path}#${attempt}`, projectId: row.project_id, executionId: row.execution_id },
    ...{ workflowId: row.workflow_id, path, attempt, model, status, currency, estimate, cost, session },
    userId: row.user_id,
    usage:
      row.input_tokens === null
        ? null
        : { inputTokens: row.input_tokens, outputTokens: row.output_tokens ?? 0, ...cached },
    responseId: row.response_id,
    startedAt: row.started_at,
    settledAt: row.settled_at,
  };
}
