/** Accounts of budgets, as rows: made where they are missing, locked in one order, written back. */
import { accountName, type RuledAccount, treeOf } from '../../core/budget/accounts.ts';
import type { Balance } from '../../core/budget/balance.ts';
import type { Account, Grant, Raise } from '../../ports/ledger.ts';
import { array, texts } from './columns.ts';
import type { Row, Sql } from './sql.ts';

/** That a transaction touches: of a rule, or named by a definition. */
export interface Touched {
  /** Names it within the transaction, and puts it in order. */
  readonly place: string;
  readonly projectId: string;
  readonly currency: string;
  readonly ruled: RuledAccount | null;
  /** The newest limit of a definition; what was only settled has none. */
  readonly own: Account | null;
  readonly name: string;
  readonly grants: readonly Grant[];
}

export function ruledTouch(projectId: string, ruled: RuledAccount, raises: readonly Raise[] = []): Touched {
  const { scope, key, day, currency } = ruled;
  const name = accountName({ scope, key, day: '' });
  const grants = raises.filter(({ account }) => account === accountName(ruled));
  return { place: placeOf(projectId, name, day, currency), projectId, currency, ruled, own: null, name, grants };
}

export function ownTouch(projectId: string, currency: string, name: string, own: Account | null): Touched {
  const place = placeOf(projectId, name, '', currency);
  return { place, projectId, currency, ruled: null, own, name, grants: own?.grants ?? [] };
}

const placeOf = (...parts: readonly string[]): string => parts.join('\u001f');

/** As people see it. */
export const shownName = ({ ruled, name }: Touched): string => (ruled === null ? name : accountName(ruled));

/**
 * Makes those that are missing, but for what was only settled. One of a rule begins with what the books have, this
 * transaction included; the answer says which were made.
 */
export async function makeAccounts(tx: Sql, sorted: readonly Touched[]): Promise<Set<string>> {
  const wanted = sorted.filter(({ ruled, own }) => ruled !== null || own !== null);
  if (wanted.length === 0) return new Set();
  const rows = await tx.unsafe(
    `with n as materialized (
       select n.* from unnest($1::uuid[], string_to_array($2, e'\\x1e'), string_to_array($3, e'\\x1e'),
                              string_to_array($4, e'\\x1e'), string_to_array($5, e'\\x1e'),
                              string_to_array($6, e'\\x1e'), $7::uuid[], $8::bigint[], $9::bigint[], $10::bigint[])
              with ordinality n (project_id, name, day, currency, scope, key, execution_id, amount, since, until, place)
        where not exists (select from budget_accounts a
                           where a.project_id = n.project_id and a.name = n.name and a.day = coalesce(n.day, '')
                             and a.currency = n.currency))
     insert into budget_accounts (project_id, name, day, currency, scope, key, execution_id, amount, spent, reserved)
     select n.project_id, n.name, coalesce(n.day, ''), n.currency, nullif(n.scope, ''), nullif(n.key, ''), n.execution_id, n.amount,
            b.spent, b.reserved
       from n cross join lateral (
         select coalesce(sum(c.cost) filter (where c.status in ('paid', 'unknown')), 0)::bigint as spent,
                coalesce(sum(c.estimate) filter (where c.status = 'open'), 0)::bigint as reserved
           from (${BY_SCOPE.map(
             ([scope, column]) => `
             select cost, estimate, status from model_calls m
              where n.scope = '${scope}' and m.project_id = n.project_id ${column}
                and m.started_at >= n.since and m.started_at < n.until and m.currency = n.currency`,
           ).join(' union all')}) c) b
      order by n.place
     on conflict do nothing
     returning project_id, name, day, currency`,
    [
      ...keys(wanted),
      texts(wanted.map(({ ruled }) => ruled?.scope ?? '')),
      texts(wanted.map(({ ruled }) => ruled?.key ?? '')),
      array(wanted.map(({ ruled, name }) => (ruled === null ? treeOf(name) : null))),
      array(wanted.map(({ own }) => own?.limit ?? null)),
      array(wanted.map(({ ruled }) => (ruled?.day ? Date.parse(ruled.day) : 0))),
      array(wanted.map(({ ruled }) => (ruled?.day ? Date.parse(ruled.day) + DAY_MS : Number.MAX_SAFE_INTEGER))),
    ],
  );
  return new Set(rows.map(placeOfRow));
}

const DAY_MS = 86_400_000;

/** How the calls of an account are found. */
const BY_SCOPE = [
  ['project', ''],
  ['workflow', `and m.workflow_id = (case n.scope when 'workflow' then n.key end)::uuid`],
  ['session', 'and m.session = n.key'],
  ['user', 'and m.user_id = n.key'],
] as const;

/** One empty text alone is an empty list, whose first is null: hence `coalesce` where a day is read. */
const keys = (touched: readonly Touched[]) => [
  array(touched.map((one) => one.projectId)),
  texts(touched.map((one) => one.name)),
  texts(touched.map((one) => one.ruled?.day ?? '')),
  texts(touched.map((one) => one.currency)),
];

const placeOfRow = ({ project_id: projectId, name, day, currency }: Row): string =>
  placeOf(projectId, name, day, currency);

/** Balances by place, without what this transaction adds. The limit is that of the rule, or the newest of a definition. */
export async function lockAccounts(
  tx: Sql,
  sorted: readonly Touched[],
): Promise<Map<string, Balance & { readonly granted: number }>> {
  const rows = await tx.unsafe(
    `select a.project_id, a.name, a.day, a.currency, a.amount, a.granted, a.spent, a.reserved
       from unnest($1::uuid[], string_to_array($2, e'\\x1e'), string_to_array($3, e'\\x1e'),
                   string_to_array($4, e'\\x1e')) with ordinality n (project_id, name, day, currency, place)
       join budget_accounts a
         on a.project_id = n.project_id and a.name = n.name and a.day = coalesce(n.day, '') and a.currency = n.currency
      order by n.place
        for update of a`,
    keys(sorted),
  );
  const found = new Map(rows.map((row) => [placeOfRow(row), row]));
  return new Map(
    sorted.flatMap(({ place, ruled, own }) => {
      const row = found.get(place);
      if (row === undefined) return [];
      const limit = ruled?.limit ?? (own?.limit ?? row.amount) + row.granted;
      const granted = row.granted as number;
      return [[place, { limit, granted, spent: row.spent as number, reserved: row.reserved as number }]];
    }),
  );
}

/** By place, what these grants add that were not known. The accounts must be locked. */
export async function addGrants(tx: Sql, sorted: readonly Touched[]): Promise<Map<string, number>> {
  const granted = sorted.flatMap((one) => one.grants.map((grant) => ({ one, ...grant })));
  const added = new Map<string, number>();
  if (granted.length === 0) return added;
  const rows = await tx.unsafe(
    `insert into budget_grants (project_id, account, day, currency, id, execution_id, amount)
     select n.project_id, n.account, coalesce(n.day, ''), n.currency, n.id, n.execution_id, n.amount
       from unnest($1::uuid[], string_to_array($2, e'\\x1e'), string_to_array($3, e'\\x1e'),
                   string_to_array($4, e'\\x1e'), string_to_array($5, e'\\x1e'), $6::uuid[], $7::bigint[])
            n (project_id, account, day, currency, id, execution_id, amount)
     on conflict do nothing
     returning project_id, account as name, day, currency, amount`,
    [
      ...keys(granted.map(({ one }) => one)),
      texts(granted.map(({ id }) => id)),
      array(granted.map(({ one }) => (one.ruled === null ? treeOf(one.name) : null))),
      array(granted.map(({ amount }) => amount)),
    ],
  );
  for (const row of rows) added.set(placeOfRow(row), (added.get(placeOfRow(row)) ?? 0) + row.amount);
  return added;
}

export async function writeAccounts(
  tx: Sql,
  sorted: readonly Touched[],
  balances: ReadonlyMap<string, Balance>,
  granted: ReadonlyMap<string, number>,
): Promise<void> {
  const known = sorted.filter(({ place }) => balances.has(place));
  const numbers = (field: 'spent' | 'reserved') => array(known.map(({ place }) => balances.get(place)?.[field] ?? 0));
  if (known.length === 0) return;
  await tx.unsafe(
    `update budget_accounts a
        set spent = n.spent, reserved = n.reserved, amount = coalesce(n.amount, a.amount),
            granted = a.granted + n.granted
       from unnest($1::uuid[], string_to_array($2, e'\\x1e'), string_to_array($3, e'\\x1e'),
                   string_to_array($4, e'\\x1e'), $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
            n (project_id, name, day, currency, spent, reserved, amount, granted)
      where a.project_id = n.project_id and a.name = n.name and a.day = coalesce(n.day, '')
        and a.currency = n.currency`,
    [
      ...keys(known),
      numbers('spent'),
      numbers('reserved'),
      array(known.map(({ own }) => own?.limit ?? null)),
      array(known.map(({ place }) => granted.get(place) ?? 0)),
    ],
  );
}
