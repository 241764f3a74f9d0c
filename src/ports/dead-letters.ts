/**
 * Dead letters: what failed for good, kept with its cause until a person or a rule resolves it. Those of executions
 * have the id of their execution, and are written with the commit that ends it (`Commit.letter`); those of messages
 * that could not be delivered with their removal from delivery (`Relayed.letters`).
 */
import type { CloudEvent } from '../core/cloud-event.ts';
import type { LetterStatus } from '../core/dead-letter.ts';
import type { Category, ErrorInfo } from '../core/errors.ts';
import type { RetryRule } from '../core/retry-rule.ts';

/** `Commit` is the store's: what creates an execution. */
export interface DeadLetterStore<Commit> {
  /** The latest failure first. */
  list(query: LetterQuery): Promise<LetterRow[]>;
  /** How many fit, counted up to `limit`. */
  count(filter: LetterFilter, limit: number): Promise<number>;
  get(projectId: string, id: string): Promise<Letter | undefined>;
  /** Failures of a workflow with the same fingerprint, counted; the largest group first. */
  groups(filter: LetterFilter, limit: number): Promise<LetterGroup[]>;
  /**
   * Marks letters as RETRIED and tells their executions to go on, in one transaction: of callers at the same time one
   * wins each letter. The ids it won; left out are those that are resolved, and those whose execution is gone or is
   * not failed any more.
   */
  requeue(change: Requeue): Promise<string[]>;
  /** Marks a letter as RETRIED by a new execution, which `commit` creates with it; false where it is resolved. */
  requeueAs(
    change: Omit<Requeue, 'ids' | 'reason'> & { readonly id: string; readonly commit: Commit },
  ): Promise<boolean>;
  /** Marks the letter of a message as RETRIED and puts `event` into the log with it; false where it is resolved. */
  requeueMessage(
    change: Omit<Requeue, 'ids' | 'reason'> & { readonly id: string; readonly event: CloudEvent },
  ): Promise<boolean>;
  /** `requeue` of up to `limit` letters of any project whose time has come by rule; `nextAt` is null where none waits. */
  requeueDue(now: number, limit: number): Promise<{ requeued: number; nextAt: number | null }>;
  /** Marks one that is NEW, or REVIEWED before, as REVIEWED: no rule takes it from now on. False where it is neither. */
  review(change: LetterNote & { readonly id: string }): Promise<boolean>;
  /** Puts letters away; the ids of those that were not already. */
  archive(change: LetterNote & { readonly ids: readonly string[] }): Promise<string[]>;
  /** Those that the project has set; for the other categories the defaults hold. */
  rules(projectId: string): Promise<RetryRule[]>;
  /** Also for the letters that are NEW already. */
  setRule(projectId: string, rule: RetryRule, now: number): Promise<void>;
  /** How many of all projects are NEW. */
  countNew(): Promise<number>;
}

export interface NewLetter {
  /** Of an execution: its id; of a message: made of it and of the trigger that could not take it. */
  readonly id: string;
  readonly projectId: string;
  readonly source: LetterSource;
  readonly executionId: string | null;
  /** Null where a message could not be delivered, by the fault of no trigger. */
  readonly workflowId: string | null;
  readonly version: number | null;
  /** Id of the trigger in the definition. */
  readonly triggerId: string | null;
  /** `$trigger`, or the message. */
  readonly originalEvent: unknown;
  readonly error: ErrorInfo;
  /** The node that failed; null: the execution as a whole. */
  readonly path: string | null;
  /** Of that node; of a message, deliveries. */
  readonly attempts: number;
  readonly category: Category;
  readonly action: string;
  readonly fingerprint: string;
  /** A rule may retry it. */
  readonly automatic: boolean;
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
}

export type LetterSource = 'execution' | 'message';

/** A letter without what it was about. */
export interface LetterRow extends Omit<NewLetter, 'originalEvent'> {
  readonly workflowName: string | null;
  readonly status: LetterStatus;
  /** Tries since it was made, by rule and by hand. */
  readonly retries: number;
  /** When a rule will retry it, in milliseconds since the epoch; null: none will. */
  readonly retryAt: number | null;
  /** The execution that took its place, with another payload. */
  readonly retriedAs: string | null;
  readonly reviewedBy: string | null;
  readonly reviewedAt: number | null;
  readonly notes: string | null;
  /** Of the first failure. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Letter extends LetterRow {
  readonly originalEvent: unknown;
}

export interface LetterFilter {
  readonly projectId: string;
  readonly status?: LetterStatus | undefined;
  readonly category?: Category | undefined;
  readonly workflowId?: string | undefined;
  readonly fingerprint?: string | undefined;
  /** Milliseconds since the epoch, of the latest failure. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface LetterQuery extends LetterFilter {
  /** Letters that follow this place in the list. */
  readonly after?: { readonly failedAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

export interface LetterGroup {
  readonly workflowId: string | null;
  readonly fingerprint: string;
  readonly count: number;
  /** How many of these are NEW. */
  readonly open: number;
  readonly reviewed: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The latest of them. */
  readonly sample: LetterRow;
}

interface Requeue {
  readonly projectId: string;
  readonly ids: readonly string[];
  /** Kept in the history of the executions. */
  readonly reason: string;
  readonly now: number;
}

interface LetterNote {
  readonly projectId: string;
  /** Who, as the caller says; null: nobody in particular. */
  readonly by: string | null;
  /** Takes the place of the note before; null keeps that. */
  readonly notes: string | null;
  readonly now: number;
}
