/** Removal of what has outlived the rules: the part of the store that retention works on. */
import type { RetentionSettings, Sweep } from '../core/retention.ts';

export interface RetentionStore {
  /**
   * Takes the next pass, for one process at a time: false unless the last began `everyMs` ago, by the database's
   * clock, and is over or was not heard of for a minute.
   */
  begin(everyMs: number): Promise<boolean>;
  /** The pass goes on, having removed so many by now; with `finished` it is over. */
  progress(removed: number, finished: boolean): Promise<void>;
  lastPass(): Promise<RetentionPass | undefined>;
  /** Workflows that may have executions, deleted ones too; of all projects where none is named. */
  workflows(projectId?: string): Promise<RetainedWorkflow[]>;
  /** How many executions the sweep finds; counts no further than `limit`. */
  count(of: RetainedWorkflow, sweep: Sweep, limit: number): Promise<number>;
  /**
   * Removes up to `limit` executions that the sweep finds, of ids above `after`, oldest first. Leaves alone what
   * somebody owns or is about to take up again, and what has a dead letter that nobody has resolved. `next` is the `after` of the next call; null: no more.
   */
  remove(of: RetainedWorkflow, sweep: Sweep, after: string | null, limit: number): Promise<Removal>;
  /**
   * Removes up to `limit` dead letters that are resolved, have not changed since `before` (ms), and have no execution, be
   * it the one that failed or the one that took its place; how many. Of a message there never was one that failed.
   */
  removeLetters(before: number, limit: number): Promise<number>;
  /**
   * Removes up to `limit` files that were not uploaded, that no dead letter has, and that nobody has put or read since
   * `before` (ms, within an hour); how many.
   */
  removeFiles(before: number, limit: number): Promise<number>;
  /** Drops what is kept by month, before the present one by the database's clock, and is empty; what it was called. */
  dropMonths(): Promise<string[]>;
}

interface Removal {
  readonly removed: number;
  readonly next: string | null;
}

/** Times in milliseconds since the epoch. */
export interface RetentionPass {
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly removed: number;
}

export interface RetainedWorkflow {
  readonly projectId: string;
  readonly workflowId: string;
  /** Null where it was deleted. */
  readonly name: string | null;
  /** `settings.retention` of its present version. */
  readonly settings: RetentionSettings | null;
}
