/** Rules of budgets. They change while nobody writes calls of their project, so each call is counted at all of them. */
import { accountName, bookKey, dayOf, EACH } from '../../core/budget/accounts.ts';
import type { BudgetRule, BudgetState } from '../../ports/ledger.ts';
import { lockBooks } from './books-lock.ts';
import { makeAccounts, ruledTouch } from './budget-accounts.ts';
import { runAll, type Sql } from './sql.ts';

type Place = Pick<BudgetRule, 'projectId' | 'scope' | 'key' | 'per'>;

/** Accounts of a key of its own are made now, that no call has to count the books; those of each when one needs it. */
export async function setBudget(tx: Sql, rule: BudgetRule, now: number): Promise<void> {
  const { projectId, scope, per, limit, currency } = rule;
  const key = keyOf(rule);
  await runAll(tx, [lockBooks([projectId], 'to change rules')]);
  const [before] = await tx`
    select currency from budget_rules
     where project_id = ${projectId} and scope = ${scope} and key = ${key} and per = ${per}`;
  await tx`
    insert into budget_rules (project_id, scope, key, per, amount, currency, updated_at)
    values (${projectId}, ${scope}, ${key}, ${per}, ${limit}, ${currency}, ${now})
    on conflict (project_id, scope, key, per) do update
       set amount = excluded.amount, currency = excluded.currency, updated_at = excluded.updated_at`;
  if (before?.currency === currency) return;
  await dropAccounts(tx, { projectId, scope, key, per });
  if (key === EACH && scope !== 'project') return;
  const day = per === 'day' ? dayOf(now) : '';
  await makeAccounts(tx, [ruledTouch(projectId, { scope, key, day, currency, limit })]);
}

export async function removeBudget(tx: Sql, place: Place): Promise<boolean> {
  const { projectId, scope, per } = place;
  const key = keyOf(place);
  await runAll(tx, [lockBooks([projectId], 'to change rules')]);
  const rows = await tx`
    delete from budget_rules
     where project_id = ${projectId} and scope = ${scope} and key = ${key} and per = ${per} returning key`;
  await dropAccounts(tx, { projectId, scope, key, per });
  return rows.length > 0;
}

/** What the rule for each still needs is counted anew by the next call; accounts of rules of their own stay under it. */
async function dropAccounts(tx: Sql, { projectId, scope, key, per }: Place): Promise<void> {
  await tx`
    with gone as (
      delete from budget_accounts a
       where a.project_id = ${projectId} and a.scope = ${scope} and (a.day <> '') = ${per === 'day'}
         and (a.key = ${key}
              or ${key} = ${EACH} and not exists (
                select from budget_rules o
                 where o.project_id = a.project_id and o.scope = a.scope and o.per = ${per}
                   and o.currency = a.currency and o.key = a.key))
      returning a.project_id, a.name, a.day, a.currency)
    ${dropGrants(tx)}`;
}

/** What people granted an account goes with it. */
const dropGrants = (tx: Sql) => tx`
  delete from budget_grants g using gone
   where g.project_id = gone.project_id and g.account = gone.name and g.day = gone.day and g.currency = gone.currency`;

const keyOf = ({ scope, key }: Pick<BudgetRule, 'scope' | 'key'>): string =>
  scope === 'project' ? EACH : (bookKey(key) ?? EACH);

/** A rule of its own has its account; those of a rule for each are summed up from the books, as some have none yet. */
export async function listBudgets(sql: Sql, projectId: string, now: number): Promise<BudgetState[]> {
  const today = dayOf(now);
  const rows = await sql.unsafe(
    `select r.scope, r.key, r.per, r.amount, r.currency, b.key as account_key,
            coalesce(b.spent, 0)::bigint as spent, coalesce(b.reserved, 0)::bigint as reserved,
            (select coalesce(sum(g.amount), 0)::bigint from budget_grants g
              where g.project_id = r.project_id and g.currency = r.currency
                and g.day = case r.per when 'day' then $2 else '' end
                and g.account = case r.scope when 'project' then r.scope
                                             else r.scope || ':' || coalesce(b.key, r.key) end) as granted
       from budget_rules r
       left join lateral (
         select a.key, a.spent, a.reserved from budget_accounts a
          where a.project_id = r.project_id and a.scope = r.scope and a.currency = r.currency
            and a.day = case r.per when 'day' then $2 else '' end and a.key = r.key
         union all
         (select * from (${EACH_OF.map(
           ([scope, column]) => `
           select ${column}::text, sum(cost) as spent,
                  coalesce(sum(estimate) filter (where status = 'open'), 0) as reserved
             from model_calls
            where r.scope = '${scope}' and r.key = '${EACH}' and project_id = r.project_id and currency = r.currency
              and ${column} is not null and status <> 'refused'
              and (r.per <> 'day' or started_at >= $3 and started_at < $3 + ${DAY_MS})
            group by ${column}`,
         ).join(' union all')}) s (key, spent, reserved)
          where not exists (
            select from budget_rules o
             where o.project_id = r.project_id and o.scope = r.scope and o.per = r.per
               and o.currency = r.currency and o.key = s.key)
          order by s.spent + s.reserved desc, s.key collate "C"
          limit ${LISTED})) b on true
      where r.project_id = $1
      order by array_position(array['project', 'workflow', 'session', 'user'], r.scope), r.key collate "C",
               r.per desc, coalesce(b.spent + b.reserved, 0) desc, b.key collate "C"`,
    [projectId, today, Date.parse(today)],
  );
  return rows.map((row) => {
    const { scope, key, per, amount: limit, currency, granted, spent, reserved } = row;
    const account = accountName({ scope, key: row.account_key ?? key, day: per === 'day' ? today : '' });
    return { projectId, scope, key, per, limit, currency, account, granted, spent, reserved };
  });
}

/** What a rule for each is about, as a column of the books. */
const EACH_OF = [
  ['workflow', 'workflow_id'],
  ['session', 'session'],
  ['user', 'user_id'],
] as const;

const DAY_MS = 86_400_000;

/** Accounts of a rule for each. */
const LISTED = 20;

/** Daily accounts are made anew from the books where a late settlement needs them. */
export async function forgetDays(tx: Sql, projectId: string, before: string): Promise<void> {
  await runAll(tx, [lockBooks([projectId], 'to change rules')]);
  await tx`
    with gone as (
      delete from budget_accounts where project_id = ${projectId} and day <> '' and day < ${before}
      returning project_id, name, day, currency)
    ${dropGrants(tx)}`;
}
