/** Rows of the books, many at once. */
import type { Counted } from '../../core/budget/accounts.ts';
import type { NewCall, SettledCall } from '../../ports/ledger.ts';
import { array, texts } from './columns.ts';
import { type Query, query } from './query.ts';
import { runAll, type Sql } from './sql.ts';

export interface OpenedCall {
  /** `executionId/path#attempt`. */
  readonly id: string;
  readonly executionId: string;
  readonly projectId: string;
  /** Null: that of its execution. */
  readonly workflowId: string | null;
  readonly call: NewCall;
  readonly session: string | null;
  readonly userId: string | null;
  readonly startedAt: number;
}

type Which = 'all' | 'where no rule is';
const NONE: ReadonlySet<OpenedCall> = new Set();

/** Ids of those that were written: all, or those of projects without rules of budgets. */
export async function insertCalls(
  tx: Sql,
  calls: readonly OpenedCall[],
  which: Which,
  refused = NONE,
): Promise<Set<string>> {
  const [rows = []] = await runAll(tx, openCalls(calls, which, refused));
  return new Set(rows.map((row) => `${row.execution_id}/${row.path}#${row.attempt}`));
}

export function openCalls(calls: readonly OpenedCall[], which: Which, refused = NONE): Query[] {
  if (calls.length === 0) return [];
  const condition =
    which === 'where no rule is'
      ? 'where not exists (select from budget_rules r where r.project_id = n.project_id)'
      : '';
  return [
    query(
      `insert into model_calls (project_id, execution_id, workflow_id, path, attempt, model, session, user_id, status,
                              currency, estimate, accounts, started_at, settled_at)
     select n.project_id, n.execution_id,
            (select workflow_id from workflow_executions e where e.id = n.execution_id),
            n.path, n.attempt, n.model, nullif(n.session, ''), nullif(n.user_id, ''), n.status, n.currency, n.estimate,
            string_to_array(nullif(n.accounts, ''), e'\\x1f'), n.started_at,
            case when n.status = 'refused' then n.started_at end
       from unnest($1::uuid[], $2::uuid[], string_to_array($3, e'\\x1e'), $4::int[], string_to_array($5, e'\\x1e'),
                   string_to_array($6, e'\\x1e'), string_to_array($7, e'\\x1e'), string_to_array($8, e'\\x1e'),
                   $9::bigint[], string_to_array($10, e'\\x1e'), $11::bigint[],
                   string_to_array($12, e'\\x1e'))
            with ordinality n (project_id, execution_id, path, attempt, model, session, user_id, currency, estimate,
                               accounts, started_at, status, place)
      ${condition}
      order by n.place
     returning execution_id, path, attempt`,
      [
        array(calls.map((one) => one.projectId)),
        array(calls.map((one) => one.executionId)),
        texts(calls.map(({ call }) => call.path)),
        array(calls.map(({ call }) => call.attempt)),
        texts(calls.map(({ call }) => call.model)),
        texts(calls.map((one) => one.session ?? '')),
        texts(calls.map((one) => one.userId ?? '')),
        texts(calls.map(({ call }) => call.currency)),
        array(calls.map(({ call }) => call.estimate)),
        texts(calls.map(({ call }) => call.accounts.map(({ name }) => name).join('\u001f'))),
        array(calls.map((one) => one.startedAt)),
        texts(calls.map((one) => (refused.has(one) ? 'refused' : 'open'))),
      ],
    ),
  ];
}

export interface Settlement {
  readonly executionId: string;
  readonly projectId: string;
  readonly at: number;
  readonly settled: SettledCall;
}

/** What is released and what is spent, and where it counts. */
export interface Settled extends Counted {
  readonly projectId: string;
  readonly estimate: number;
  readonly cost: number;
  /** Names of the budgets of its definition. */
  readonly accounts: readonly string[];
}

/**
 * Those that were open. One that is paid without a cost counts as its estimate. The project is compared in a way that no
 * index serves: without statistics one by project would be taken for each row, and read the whole of it.
 */
const SETTLE = `
     update model_calls c
        set status = n.outcome, settled_at = n.at, model = coalesce(nullif(n.model, ''), c.model),
            cost = case n.outcome when 'free' then 0 when 'paid' then coalesce(n.cost, c.estimate) else c.estimate end,
            input_tokens = n.input_tokens, output_tokens = n.output_tokens, cached_tokens = n.cached_tokens,
            response_id = coalesce(nullif(n.response_id, ''), c.response_id)
       from unnest($1::uuid[], $2::uuid[], string_to_array($3, e'\\x1e'), string_to_array($4, e'\\x1e'),
                   string_to_array($5, e'\\x1e'), $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
                   string_to_array($10, e'\\x1e'), $11::bigint[])
            n (project_id, execution_id, path, outcome, model, cost, input_tokens, output_tokens, cached_tokens,
               response_id, at)
      where c.execution_id = n.execution_id and c.path = n.path and c.status = 'open'
        and c.project_id is not distinct from n.project_id`;

export async function settleCalls(tx: Sql, settlements: readonly Settlement[]): Promise<Settled[]> {
  if (settlements.length === 0) return [];
  const rows = await tx.unsafe(
    `${SETTLE}
     returning c.project_id, c.workflow_id, c.session, c.user_id, c.currency, c.started_at, c.estimate, c.cost,
               c.accounts`,
    columnsOf(settlements),
  );
  return rows.map((row) => ({
    projectId: row.project_id as string,
    workflowId: row.workflow_id as string,
    session: row.session as string | null,
    userId: row.user_id as string | null,
    currency: row.currency as string,
    startedAt: row.started_at as number,
    estimate: row.estimate as number,
    cost: row.cost as number,
    accounts: (row.accounts as string[] | null) ?? [],
  }));
}

const SETTLE_PLAIN = `${SETTLE} returning 1 / (c.accounts is null)::int`;

/** It divides by zero where one counts at a budget of its definition. */
export function settlePlainCalls(settlements: readonly Settlement[]): Query[] {
  if (settlements.length === 0) return [];
  return [query(SETTLE_PLAIN, columnsOf(settlements))];
}

function columnsOf(settlements: readonly Settlement[]): string[] {
  const of = settlements.map((one) => one.settled);
  return [
    array(settlements.map((one) => one.projectId)),
    array(settlements.map((one) => one.executionId)),
    texts(of.map((one) => one.path)),
    texts(of.map((one) => one.outcome)),
    texts(of.map((one) => one.model ?? '')),
    array(of.map((one) => one.cost ?? null)),
    array(of.map((one) => one.usage?.inputTokens ?? null)),
    array(of.map((one) => one.usage?.outputTokens ?? null)),
    array(of.map((one) => one.usage?.cachedTokens ?? null)),
    texts(of.map((one) => one.responseId ?? '')),
    array(settlements.map((one) => one.at)),
  ];
}
