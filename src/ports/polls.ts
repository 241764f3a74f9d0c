/** How far the poll triggers of active workflows have come. Rows are written with the triggers, by `WorkflowStore`. */
import type { ErrorInfo } from '../core/errors.ts';
import type { Cursor, Item } from '../core/poll/select.ts';
import type { ListeningTrigger } from './workflows.ts';

/** `C` is a commit of the store. */
export interface PollStore<C> {
  /**
   * Up to `limit` polls that are due at `now`, that their rate allows and that nobody has in hand, the most overdue
   * first. They are the
   * caller's until `until`, or until their config changes or their workflow is paused: then its turn is over, and
   * `step` refuses it.
   */
  take(now: number, until: number, limit: number): Promise<TakenPolls>;
  /** Hashes of what is remembered, of these ids. */
  seen(turn: PollTurn, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Ends a turn: the executions and how far it has come are one transaction. False, and nothing written, where the
   * turn is over already. Throws `limit_exceeded` where it would remember more than `MOST_KEPT`.
   */
  step(turn: PollTurn, step: PollStep<C>): Promise<boolean>;
  /** Of active workflows of all projects. */
  list(): Promise<PollRow[]>;
  /** It is due at `now`, unless somebody has it in hand. False where no active workflow has such a poll. */
  hurry(projectId: string, triggerId: string, now: number): Promise<boolean>;
}

export interface TakenPolls {
  readonly taken: readonly DuePoll[];
  /** When the next becomes due, or is given up by whoever has it in hand. */
  readonly nextAt: number | null;
}

export interface PollTurn {
  readonly triggerId: string;
  readonly projectId: string;
  readonly turn: number;
}

export interface DuePoll extends PollTurn {
  readonly trigger: ListeningTrigger;
  readonly cursor: Cursor | null;
  /** A poll has gone well before. */
  readonly begun: boolean;
  /** In a row. */
  readonly failures: number;
}

export interface PollStep<C> {
  /** Executions to create. */
  readonly commits: readonly C[];
  readonly dueAt: number;
  /** Nobody takes it before; null: it has no rate. */
  readonly freeAt: number | null;
  readonly polledAt: number;
  readonly begun: boolean;
  readonly cursor: Cursor | null;
  readonly failures: number;
  readonly error: ErrorInfo | null;
  /** What was remembered before counts no more. */
  readonly forget: boolean;
  readonly remember: readonly Pick<Item, 'id' | 'hash'>[];
}

export interface PollRow {
  readonly triggerId: string;
  readonly projectId: string;
  /** Null: it has not been polled since its source is what it is. */
  readonly polledAt: number | null;
  /** Of the last poll. */
  readonly error: ErrorInfo | null;
}
