/**
 * The books: every paid call, reserved against its budgets by the commit that dispatches it (`Commit.calls`) and
 * settled by the commit that has its result (`Commit.settles`). What is spent and what is reserved together stay below the
 * limit of a budget, over all processes, through any crash, as long as no call costs more than its estimate. Amounts are in nanos (core/money).
 */
import type { Rule, UsageGroup } from '../core/budget/accounts.ts';
import type { Usage } from '../core/money.ts';

/**
 * A call that is dispatched. Its id in the books is `executionId/path#attempt`. A path has one open call at a time: a
 * new one leaves the one before as `unknown`. Amounts are whole nanos. What costs nothing is never refused.
 */
export interface NewCall {
  readonly path: string;
  readonly attempt: number;
  readonly model: string;
  /** At most this; reserved until it is settled. */
  readonly estimate: number;
  readonly currency: string;
  /** Budgets that the definition itself sets, which come into being with their first call. */
  readonly accounts: readonly Account[];
  /** What people have let it take of budgets of the project besides. */
  readonly raises?: readonly Raise[];
  /** Session key, null where there is none; the books keep its first 200 characters, of `userId` too. */
  readonly session: string | null;
  readonly userId: string | null;
  /** The path has no call before it, so none is looked for. */
  readonly first?: true;
}

/**
 * Each id counts once while the account is kept. Only calls that name a grant of an account may pass its limit, and
 * together by no more than all that was granted at it.
 */
export interface Raise extends Grant {
  /** As people see it, such as `user:ada/2026-11-27`. */
  readonly account: string;
}

export interface Grant {
  readonly id: string;
  readonly amount: number;
}

/**
 * A budget of one call tree, such as `execution:ID` or `agent:ID/path`; it is removed with the execution of that id.
 * It counts the calls of one currency: the same name in another is another budget.
 */
export interface Account {
  readonly name: string;
  /** The newest counts. */
  readonly limit: number;
  /** What people have allowed besides; each id counts once. */
  readonly grants?: readonly Grant[];
}

/**
 * What became of the open call of a path. `paid`: `cost` is what it did cost. `free`: it was refused before it cost
 * anything. `unknown`: nobody saw its end (a crash, a cut connection), so it counts as its estimate.
 */
export interface SettledCall {
  readonly path: string;
  readonly outcome: 'paid' | 'free' | 'unknown';
  /** That answered, where a name stood for several. */
  readonly model?: string;
  readonly usage?: Usage;
  readonly cost?: number;
  /** Of the provider's answer. */
  readonly responseId?: string;
  /** It counts at a budget that a definition sets. */
  readonly budgeted?: true;
}

/** A call that a budget refused: nothing of it is reserved, and it must not be made. */
export interface Shortage {
  readonly path: string;
  /** The first that it would have exceeded. */
  readonly account: string;
  readonly limit: number;
  readonly spent: number;
  readonly reserved: number;
  readonly wanted: number;
}

/**
 * A limit that the project has set; one that is new counts what the books have already. `key` is the id of the
 * workflow, the key of the session or the id of the user; `*`: each of them has this limit of its own, unless it has a
 * rule of its own. It counts the calls of its currency only.
 */
export interface BudgetRule extends Rule {
  readonly projectId: string;
}

export interface BudgetState extends BudgetRule {
  /** The account it is about: `user:ada`, with the day behind where it is a daily one; `user:*` where none is yet. */
  readonly account: string;
  /** By people to single agents, which may pass the limit by it. */
  readonly granted: number;
  readonly spent: number;
  readonly reserved: number;
}

export interface CallRow extends Omit<NewCall, 'accounts' | 'raises'> {
  readonly id: string;
  readonly projectId: string;
  readonly executionId: string;
  readonly workflowId: string;
  readonly status: 'open' | 'refused' | SettledCall['outcome'];
  readonly usage: Usage | null;
  readonly cost: number;
  readonly responseId: string | null;
  readonly startedAt: number;
  readonly settledAt: number | null;
}

export interface UsageQuery {
  readonly projectId: string;
  readonly by: UsageGroup;
  /** Of the start of the call, in milliseconds since the epoch. */
  readonly from?: number;
  readonly to?: number;
  readonly workflowId?: string;
  /** Of any of these. */
  readonly executionIds?: readonly string[];
  readonly session?: string;
  readonly userId?: string;
  readonly model?: string;
  readonly limit: number;
}

export interface UsageRow {
  /** The workflow, execution, node (a path without the numbers of iterations), …; empty for the project, and for none. */
  readonly key: string;
  readonly currency: string;
  readonly calls: number;
  /** Of these, how many nobody saw the end of. */
  readonly unknown: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly cost: number;
  /** Of calls on their way. */
  readonly reserved: number;
}

export interface LedgerStore {
  /** The dearest first. */
  usage(query: UsageQuery): Promise<UsageRow[]>;
  /** Calls of an execution, in the order they began; all unless told otherwise. They outlive the execution. */
  calls(projectId: string, executionId: string, page?: { offset: number; limit: number }): Promise<CallRow[]>;
  /** The id that the provider gave to the open call of this path, as `note` wrote it down. */
  noted(executionId: string, path: string): Promise<string | undefined>;
  /** Writes it down at once, outside of any commit: after a crash it is all that is known of the call. */
  note(executionId: string, path: string, responseId: string): Promise<void>;
  /** By scope and key, those of today where they are daily. A rule for each has the 20 accounts with most in them. */
  budgets(projectId: string, now: number): Promise<BudgetState[]>;
  /** Holds for the next call. A rule of the same scope, key and time is replaced, whatever its currency; grants stay. */
  setBudget(rule: BudgetRule, now: number): Promise<void>;
  /** False where there is none. */
  removeBudget(rule: Pick<BudgetRule, 'projectId' | 'scope' | 'key' | 'per'>): Promise<boolean>;
}
