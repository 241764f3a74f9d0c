/** What processes tell each other for the pages that show a project: where something changed, not what it is now. */
import type { Status } from '../core/execution/index.ts';
import type { Topic } from '../core/topics.ts';

export interface LiveStore {
  /** Tells every process that listens, this one too, in one statement. A change has up to `MAX_TOLD` executions. */
  tell(changes: readonly Change[]): Promise<void>;
  /** Tells every process that listens that something may have changed of which nobody will be told. */
  tellMissed(): Promise<void>;
  /**
   * Calls back with what any process tells, until the store is closed. `missed`: something may have been told that was
   * not heard, since the connection was lost and is there again; or somebody says so.
   */
  listen(heard: (change: Change) => void, missed: () => void): Promise<void>;
}

export interface Change {
  readonly projectId: string;
  readonly topics: readonly Topic[];
  readonly executions: readonly ChangedExecution[];
  /** There are more executions than these. */
  readonly more: boolean;
}

export interface ChangedExecution {
  readonly id: string;
  readonly workflowId: string;
  readonly status: Status;
}

/** As many fit a notification of PostgreSQL, which takes less than 8,000 bytes. */
export const MAX_TOLD = 50;
