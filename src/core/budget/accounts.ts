/** Which accounts a call counts at: those that the definition names, and one for each rule of the project it falls under. */

export const BUDGET_SCOPES = ['project', 'workflow', 'session', 'user'] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];

export const USAGE_GROUPS = [
  'project',
  'workflow',
  'execution',
  'node',
  'session',
  'user',
  'model',
  'day',
  'hour',
] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

/** The key of a rule that gives each workflow, session or user this limit of its own; the only one for a project. */
export const EACH = '*';

/** Rules of one project. */
export const MAX_BUDGETS = 200;

export interface Rule {
  readonly scope: BudgetScope;
  readonly key: string;
  readonly per: 'total' | 'day';
  /** In nanos. */
  readonly limit: number;
  readonly currency: string;
}

/** An account that a rule makes: what the books have of one workflow, session, … in one currency, ever or on one day. */
export interface RuledAccount {
  readonly scope: BudgetScope;
  readonly key: string;
  /** In UTC, such as 2026-11-27; empty: ever. */
  readonly day: string;
  readonly currency: string;
  /** In nanos. */
  readonly limit: number;
}

/** What of a call decides where it counts. */
export interface Counted {
  readonly workflowId: string;
  readonly session: string | null;
  readonly userId: string | null;
  readonly currency: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** In the order of `BUDGET_SCOPES`, total before day. A rule for a key of its own goes before the one for each. */
export function ruledAccounts(rules: readonly Rule[], call: Counted): RuledAccount[] {
  const mine = rules.filter((rule) => rule.currency === call.currency);
  if (mine.length === 0) return [];
  const keys = keysOf(call);
  return BUDGET_SCOPES.flatMap((scope) => {
    const key = keys[scope];
    if (key === null) return [];
    return (['total', 'day'] as const).flatMap((per) => {
      const fits = mine.filter((rule) => rule.scope === scope && rule.per === per);
      const rule = fits.find((one) => one.key === key) ?? fits.find((one) => one.key === EACH);
      if (rule === undefined) return [];
      const day = per === 'day' ? dayOf(call.startedAt) : '';
      return { scope, key, day, currency: rule.currency, limit: rule.limit };
    });
  });
}

function keysOf({ workflowId, session, userId }: Counted): Record<BudgetScope, string | null> {
  return { project: EACH, workflow: workflowId, session, user: userId };
}

/** The UTC day of a time in milliseconds, such as 2026-11-27. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** As people see it: `project`, `user:ada`, `session:c-17/2026-11-27`. */
export function accountName({ scope, key, day }: Pick<RuledAccount, 'scope' | 'key' | 'day'>): string {
  const name = scope === 'project' ? scope : `${scope}:${key}`;
  return day === '' ? name : `${name}/${day}`;
}

/** An account as people are told of it: that of a workflow by its name, which its id does not say. */
export const toldAccount = (account: string, workflow: string): string =>
  account.replace(/^workflow:[^/]*/, () => `workflow:${workflow}`);

/** The field of the definition that sets the limit of an account; of a budget of the project, none. */
export function fieldOf(account: string): string | undefined {
  if (account.startsWith('execution:')) return 'settings.budget';
  return account.startsWith('agent:') ? 'limits.cost' : undefined;
}

const LONGEST_KEY = 200;

/** A session's key or a user's id as the books have it: its first 200 characters, without control characters. */
export function bookKey(text: string | null): string | null {
  return text === null
    ? null
    : text
        .slice(0, LONGEST_KEY)
        .toWellFormed()
        .replace(/\p{Cc}/gu, ' ') || null;
}

/** The execution whose call tree a budget of a definition is about: the id behind the first colon of `agent:ID/path`. */
export function treeOf(account: string): string | null {
  return /^[a-z]+:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/.exec(account)?.[1] ?? null;
}
