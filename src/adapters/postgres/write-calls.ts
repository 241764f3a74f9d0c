/**
 * The books of a batch of commits: what became of calls that were open, then the new ones, each reserved at its
 * budgets or refused. Without rules and budgets this is sent at once with the rest and needs no answer; else the
 * accounts are locked, the rule of core decides, and they are written back.
 */
import { type Rule, ruledAccounts } from '../../core/budget/accounts.ts';
import { type Balance, type Lack, reserve, settle } from '../../core/budget/balance.ts';
import type { NewCall, Shortage } from '../../ports/ledger.ts';
import type { Commit } from '../../ports/store.ts';
import { lockBooks } from './books-lock.ts';
import {
  addGrants,
  lockAccounts,
  makeAccounts,
  ownTouch,
  ruledTouch,
  shownName,
  type Touched,
  writeAccounts,
} from './budget-accounts.ts';
import { callsOf } from './calls-of.ts';
import { array } from './columns.ts';
import { insertCalls, type OpenedCall, type Settled, settleCalls } from './model-calls.ts';
import { isPlain } from './plain-calls.ts';
import { runAll, type Sql } from './sql.ts';

/** What was refused, by execution. `now` in milliseconds is the time of a commit without events. */
export async function writeCalls(tx: Sql, commits: readonly Commit[], now: number): Promise<Map<string, Shortage[]>> {
  const calls = callsOf(commits, now);
  if (calls === undefined) return new Map();
  const { opened, settlements, projectIds } = calls;
  const [plain, budgeted] = [opened.filter((one) => isPlain(one.call)), opened.filter((one) => !isPlain(one.call))];
  const [, settled, rules, workflows, written] = await Promise.all([
    runAll(tx, [lockBooks(projectIds, 'to write calls')]),
    settleCalls(tx, settlements),
    readRules(tx, projectIds),
    readWorkflows(tx, opened),
    insertCalls(tx, plain, 'where no rule is'),
  ]);
  const left = [...plain.filter((one) => !written.has(one.id)), ...budgeted];
  const order = new Map(opened.map((one, index) => [one, index]));
  left.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return await move(tx, rules, settled, left, workflows);
}

async function readRules(tx: Sql, projectIds: readonly string[]): Promise<Map<string, Rule[]>> {
  const rows = await tx.unsafe(
    `select project_id, scope, key, per, amount, currency from budget_rules where project_id = any($1::uuid[])`,
    [array(projectIds)],
  );
  const rules = new Map<string, Rule[]>();
  for (const { project_id: projectId, scope, key, per, amount: limit, currency } of rows) {
    const mine = rules.get(projectId) ?? [];
    mine.push({ scope, key, per, limit, currency });
    rules.set(projectId, mine);
  }
  return rules;
}

/** Of executions whose project has rules. */
async function readWorkflows(tx: Sql, opened: readonly OpenedCall[]): Promise<Map<string, string>> {
  const ids = opened.filter((one) => one.workflowId === null).map((one) => one.executionId);
  if (ids.length === 0) return new Map();
  const rows = await tx.unsafe(
    `select e.id, e.workflow_id from workflow_executions e
      where e.id = any($1::uuid[]) and exists (select from budget_rules r where r.project_id = e.project_id)`,
    [array(ids)],
  );
  return new Map(rows.map((row) => [row.id as string, row.workflow_id as string]));
}

/** Open calls of these executions, which are gone or set aside, count as their estimates from now on. */
export async function abandonCalls(tx: Sql, executionIds: readonly string[], at: number): Promise<void> {
  const rows = await tx.unsafe(
    `select distinct project_id, execution_id, path from model_calls
      where status = 'open' and execution_id = any($1::uuid[])`,
    [array(executionIds)],
  );
  if (rows.length === 0) return;
  const settlements = rows.map(({ project_id: projectId, execution_id: executionId, path }) => {
    return { executionId, projectId, at, settled: { path, outcome: 'unknown' } as const };
  });
  const projectIds = [...new Set(settlements.map((one) => one.projectId as string))];
  const [, settled, rules] = await Promise.all([
    runAll(tx, [lockBooks(projectIds, 'to write calls')]),
    settleCalls(tx, settlements),
    readRules(tx, projectIds),
  ]);
  await move(tx, rules, settled, [], new Map());
}

interface Wanted {
  readonly opened: OpenedCall;
  readonly places: readonly string[];
  /** Of these, where it may take what people granted. */
  readonly raised: readonly string[];
}

/** Moves the accounts; the calls that are left are written as open or refused. */
async function move(
  tx: Sql,
  rules: ReadonlyMap<string, readonly Rule[]>,
  settled: readonly Settled[],
  left: readonly OpenedCall[],
  workflows: ReadonlyMap<string, string>,
): Promise<Map<string, Shortage[]>> {
  const touched = new Map<string, Touched>();
  const touch = (one: Touched): string => {
    const before = touched.get(one.place);
    touched.set(one.place, before === undefined ? one : together(before, one));
    return one.place;
  };
  const released = settled.map((one) => {
    const { projectId, currency, accounts } = one;
    const own = accounts.map((name) => ownTouch(projectId, currency, name, null));
    const ruled = ruledAccounts(rules.get(projectId) ?? [], one).map((account) => ruledTouch(projectId, account));
    return { ...one, places: unique([...own, ...ruled].map(touch)) };
  });
  const wanted: Wanted[] = left.map((one) => {
    const { projectId, call, session, userId, startedAt } = one;
    const workflowId = one.workflowId ?? workflows.get(one.executionId) ?? '';
    const own = call.accounts.map((account) => ownTouch(projectId, call.currency, account.name, account));
    const counted = { workflowId, session, userId, currency: call.currency, startedAt };
    const ruled = ruledAccounts(rules.get(projectId) ?? [], counted).map((account) =>
      ruledTouch(projectId, account, call.raises),
    );
    const raised = ruled.filter(({ grants }) => grants.length > 0).map(({ place }) => place);
    return { opened: one, places: unique([...own, ...ruled].map(touch)), raised };
  });
  if (touched.size === 0) {
    await insertCalls(tx, left, 'all');
    return new Map();
  }
  const sorted = [...touched.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
  const [made, known, granted] = await Promise.all([
    makeAccounts(tx, sorted),
    lockAccounts(tx, sorted),
    addGrants(tx, sorted),
  ]);
  const raisable = new Map([...known].map(([place, { granted }]) => [place, granted]));
  const balances = new Map<string, Balance>(known);
  for (const [place, amount] of granted) {
    const balance = balances.get(place);
    if (touched.get(place)?.ruled !== null) raisable.set(place, (raisable.get(place) ?? 0) + amount);
    else if (balance !== undefined) balances.set(place, { ...balance, limit: balance.limit + amount });
  }
  // What was made just now has counted them from the books.
  for (const one of released)
    settle(
      balances,
      one.places.filter((place) => !made.has(place)),
      one,
    );
  const short = new Map<string, Shortage[]>();
  const refused = new Set<OpenedCall>();
  for (const { opened, places, raised } of wanted) {
    const besides = new Map(raised.map((place) => [place, raisable.get(place) ?? 0]));
    const lack = reserve(balances, places, opened.call.estimate, besides);
    if (lack === undefined) continue;
    refused.add(opened);
    const shortage = shortageOf(opened.call, lack, touched.get(lack.account));
    short.set(opened.executionId, [...(short.get(opened.executionId) ?? []), shortage]);
  }
  await Promise.all([writeAccounts(tx, sorted, balances, granted), insertCalls(tx, left, 'all', refused)]);
  return short;
}

const unique = (places: readonly string[]): string[] => [...new Set(places)];

/** The newest limit counts, and all grants. */
const together = (before: Touched, after: Touched): Touched => {
  return { ...after, own: after.own ?? before.own, grants: [...before.grants, ...after.grants] };
};

function shortageOf(call: NewCall, { limit, spent, reserved }: Lack, at: Touched | undefined): Shortage {
  const account = at === undefined ? '' : shownName(at);
  return { path: call.path, account, limit, spent, reserved, wanted: call.estimate };
}
