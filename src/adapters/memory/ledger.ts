/** The books in memory. Balances of rules and definitions are summed up from them whenever one is needed. */
import {
  accountName,
  BUDGET_SCOPES,
  bookKey,
  dayOf,
  EACH,
  type RuledAccount,
  ruledAccounts,
  type UsageGroup,
} from '../../core/budget/accounts.ts';
import { type Balance, reserve } from '../../core/budget/balance.ts';
import type {
  BudgetRule,
  BudgetState,
  CallRow,
  LedgerStore,
  NewCall,
  SettledCall,
  Shortage,
  UsageQuery,
  UsageRow,
} from '../../ports/ledger.ts';
import type { Commit } from '../../ports/store.ts';
import { accountOf } from './budget-grants.ts';
import type { CallRecord, Database } from './database.ts';

export function ledgerStore(database: Database): LedgerStore {
  const { calls } = database;
  return {
    usage: async (query) => usage(calls, query),
    calls: async (projectId, executionId, page) => {
      const mine = calls.filter((one) => one.projectId === projectId && one.executionId === executionId);
      const from = page?.offset ?? 0;
      return mine.slice(from, page && from + page.limit).map(toRow);
    },
    noted: async (executionId, path) => openCall(database, executionId, path)?.responseId ?? undefined,
    note: async (executionId, path, responseId) => {
      const call = openCall(database, executionId, path);
      if (call !== undefined) call.responseId = responseId;
    },
    budgets: async (projectId, now) => budgets(database, projectId, now),
    setBudget: async (rule) => {
      const key = keyOf(rule);
      const before = database.budgetRules.get(placeOf({ ...rule, key }));
      if (before?.currency !== rule.currency) dropGrants(database, { ...rule, key });
      database.budgetRules.set(placeOf({ ...rule, key }), { ...rule, key });
    },
    removeBudget: async (rule) => {
      const key = keyOf(rule);
      dropGrants(database, { ...rule, key });
      return database.budgetRules.delete(placeOf({ ...rule, key }));
    },
  };
}

type Place = Pick<BudgetRule, 'projectId' | 'scope' | 'key' | 'per'>;
const placeOf = ({ projectId, scope, key, per }: Place): string => JSON.stringify([projectId, scope, key, per]);
const keyOf = ({ scope, key }: Pick<BudgetRule, 'scope' | 'key'>): string =>
  scope === 'project' ? EACH : (bookKey(key) ?? EACH);

const openCall = ({ calls }: Database, executionId: string, path: string): CallRecord | undefined =>
  calls.find((one) => one.executionId === executionId && one.path === path && one.status === 'open');

function toRow({ accounts: _, usage, ...row }: CallRecord): CallRow {
  return { ...row, usage: usage && { ...usage } };
}

/* ---------------------------------------------------------------- what commits write */

/** What became of calls that were open. A path that opens a call anew leaves the one before as unknown. */
export function settleCalls(database: Database, now: number, commit: Commit): void {
  const { executionId, settles = [], calls = [], events } = commit;
  const byPath = new Map<string, SettledCall>(calls.map(({ path }) => [path, { path, outcome: 'unknown' }]));
  for (const one of settles) byPath.set(one.path, one);
  const at = events.at(-1)?.at ?? now;
  for (const settled of byPath.values()) {
    const call = openCall(database, executionId, settled.path);
    if (call !== undefined) settleCall(call, settled, at);
  }
}

function settleCall(call: CallRecord, settled: SettledCall, at: number): void {
  const { outcome, model = call.model, usage = null, responseId = call.responseId } = settled;
  const cost = outcome === 'free' ? 0 : outcome === 'paid' ? (settled.cost ?? call.estimate) : call.estimate;
  Object.assign(call, { status: outcome, model, usage, responseId, cost, settledAt: at });
}

/** Open calls of an execution that is gone or set aside count as their estimates. */
export function abandonCalls(database: Database, executionId: string, at: number): void {
  for (const call of database.calls) {
    if (call.executionId !== executionId || call.status !== 'open') continue;
    settleCall(call, { path: call.path, outcome: 'unknown' }, at);
  }
}

/** Those that a budget refuses. */
export function openCalls(database: Database, now: number, commit: Commit): Shortage[] {
  return (commit.calls ?? []).flatMap((call) => {
    const record = newRecord(database, commit, call, commit.events.at(-1)?.at ?? now);
    const balances = new Map([
      ...call.accounts.map((account) => [account.name, ownBalance(database, record, account)] as const),
      ...ruledAccounts(rulesOf(database, record.projectId), record).map(
        (account) => [accountName(account), ruledBalance(database, record.projectId, account)] as const,
      ),
    ]);
    const raised = raisedOf(database, record, call.raises);
    const lack = reserve(balances, [...balances.keys()], call.estimate, raised);
    if (lack !== undefined) Object.assign(record, { status: 'refused', accounts: [], settledAt: record.startedAt });
    database.calls.push(record);
    return lack === undefined ? [] : [{ path: call.path, ...lack, wanted: call.estimate }];
  });
}

function newRecord(database: Database, one: Commit, call: NewCall, startedAt: number): CallRecord {
  const { executionId, projectId } = one;
  const { path, attempt, model, estimate, currency, accounts } = call;
  return {
    ...{ id: `${executionId}/${path}#${attempt}`, projectId, executionId },
    workflowId: database.executions.get(executionId)?.workflowId ?? '',
    ...{ path, attempt, model, estimate, currency, session: bookKey(call.session), userId: bookKey(call.userId) },
    ...{ accounts: accounts.map(({ name }) => name), status: 'open', usage: null, cost: 0, responseId: null },
    ...{ startedAt, settledAt: null },
  };
}

const rulesOf = ({ budgetRules }: Database, projectId: string): BudgetRule[] =>
  [...budgetRules.values()].filter((rule) => rule.projectId === projectId);

function ownBalance(database: Database, call: CallRecord, account: NewCall['accounts'][number]): Balance {
  const { projectId, currency } = call;
  const place = { projectId, name: account.name, day: '', currency };
  const limit = account.limit + database.budgetGrants.add(place, account.grants);
  const isMine = (one: CallRecord) => one.accounts.includes(account.name);
  return { limit, ...sums(database, (one) => one.projectId === projectId && one.currency === currency && isMine(one)) };
}

function ruledBalance(database: Database, projectId: string, account: RuledAccount): Balance {
  return { limit: account.limit, ...sums(database, (one) => one.projectId === projectId && isOf(one, account)) };
}

/** What a call may take besides, by account. */
function raisedOf(database: Database, call: CallRecord, raises: NewCall['raises'] = []): Map<string, number> {
  const accounts = ruledAccounts(rulesOf(database, call.projectId), call);
  return new Map(
    accounts.flatMap((account) => {
      const name = accountName(account);
      const mine = raises.filter((one) => one.account === name);
      if (mine.length === 0) return [];
      return [[name, database.budgetGrants.add(accountOf(call.projectId, account), mine)]];
    }),
  );
}

/** What people granted the accounts of a rule goes with it; those that a rule of their own limits keep it. */
function dropGrants({ budgetGrants, budgetRules }: Database, { projectId, scope, key, per }: Place): void {
  const [own, each] = [accountName({ scope, key, day: '' }), key === EACH && scope !== 'project'];
  budgetGrants.drop((account) => {
    if (account.projectId !== projectId || (account.day !== '') !== (per === 'day')) return false;
    if (account.name === own) return true;
    const keyOfIt = account.name.slice(scope.length + 1);
    const isOfEach = each && account.name.startsWith(`${scope}:`);
    return isOfEach && !budgetRules.has(placeOf({ projectId, scope, key: keyOfIt, per }));
  });
}

function isOf(call: CallRecord, { scope, key, day, currency }: RuledAccount): boolean {
  if (call.currency !== currency || (day !== '' && dayOf(call.startedAt) !== day)) return false;
  return keysOf(call)[scope] === key;
}

const keysOf = ({ workflowId, session, userId }: CallRecord) => {
  return { project: EACH, workflow: workflowId, session, user: userId };
};

function sums({ calls }: Database, counts: (one: CallRecord) => boolean): Omit<Balance, 'limit'> {
  const mine = calls.filter(counts);
  const reserved = mine.reduce((sum, one) => sum + (one.status === 'open' ? one.estimate : 0), 0);
  return { spent: mine.reduce((sum, one) => sum + one.cost, 0), reserved };
}

/* ---------------------------------------------------------------- what people ask */

const LISTED = 20;

function budgets(database: Database, projectId: string, now: number): BudgetState[] {
  const order = (a: BudgetRule, b: BudgetRule) =>
    BUDGET_SCOPES.indexOf(a.scope) - BUDGET_SCOPES.indexOf(b.scope) || compare(a.key, b.key) || compare(b.per, a.per);
  const rules = rulesOf(database, projectId).sort(order);
  return rules.flatMap((rule) => {
    const day = rule.per === 'day' ? dayOf(now) : '';
    const state = (key: string): BudgetState => {
      const account = { ...rule, key, day };
      const { spent, reserved } = ruledBalance(database, projectId, account);
      const granted = database.budgetGrants.add(accountOf(projectId, account));
      return { ...rule, account: accountName(account), granted, spent, reserved };
    };
    if (rule.key !== EACH || rule.scope === 'project') return [state(rule.key)];
    const own = rules.filter(
      (one) => one.scope === rule.scope && one.per === rule.per && one.currency === rule.currency,
    );
    const keys = database.calls
      .filter((one) => one.projectId === projectId && one.status !== 'refused' && one.currency === rule.currency)
      .filter((one) => day === '' || dayOf(one.startedAt) === day)
      .map((one) => keysOf(one)[rule.scope])
      .filter((key) => key !== null && own.every((one) => one.key !== key));
    const states = [...new Set(keys)].map((key) => state(key as string));
    states.sort((a, b) => b.spent + b.reserved - a.spent - a.reserved || compare(a.account, b.account));
    return states.length === 0 ? [state(EACH)] : states.slice(0, LISTED);
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const HOUR_MS = 3_600_000;

const GROUPS: Record<UsageGroup, (call: CallRecord) => string> = {
  project: () => '',
  workflow: (call) => call.workflowId,
  execution: (call) => call.executionId,
  node: (call) => call.path.replace(/\[\d+\]/g, ''),
  session: (call) => call.session ?? '',
  user: (call) => call.userId ?? '',
  model: (call) => call.model,
  day: (call) => dayOf(call.startedAt),
  hour: ({ startedAt }) => new Date(startedAt - (startedAt % HOUR_MS)).toISOString(),
};

function usage(calls: readonly CallRecord[], query: UsageQuery): UsageRow[] {
  const groups = new Map<string, UsageRow>();
  for (const call of calls) {
    if (call.status === 'refused' || !fits(call, query)) continue;
    const key = GROUPS[query.by](call);
    const place = JSON.stringify([key, call.currency]);
    groups.set(place, add(groups.get(place) ?? { ...NOTHING, key, currency: call.currency }, call));
  }
  const order = (a: UsageRow, b: UsageRow) =>
    b.cost - a.cost || b.reserved - a.reserved || compare(a.key, b.key) || compare(a.currency, b.currency);
  return [...groups.values()].sort(order).slice(0, query.limit);
}

const NOTHING = { calls: 0, unknown: 0, inputTokens: 0, outputTokens: 0, cachedTokens: 0, cost: 0, reserved: 0 };

function add(row: UsageRow, { status, usage, cost, estimate }: CallRecord): UsageRow {
  return {
    ...row,
    calls: row.calls + 1,
    unknown: row.unknown + (status === 'unknown' ? 1 : 0),
    inputTokens: row.inputTokens + (usage?.inputTokens ?? 0),
    outputTokens: row.outputTokens + (usage?.outputTokens ?? 0),
    cachedTokens: row.cachedTokens + (usage?.cachedTokens ?? 0),
    cost: row.cost + cost,
    reserved: row.reserved + (status === 'open' ? estimate : 0),
  };
}

function fits(call: CallRecord, query: UsageQuery): boolean {
  const { projectId, from = 0, to = Number.POSITIVE_INFINITY } = query;
  if (call.projectId !== projectId || call.startedAt < from || call.startedAt >= to) return false;
  if (query.executionIds?.includes(call.executionId) === false) return false;
  const same = ['workflowId', 'session', 'userId', 'model'] as const;
  return same.every((field) => query[field] === undefined || query[field] === call[field]);
}
