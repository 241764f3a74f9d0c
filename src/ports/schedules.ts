/** When the schedule triggers of active workflows are due. The rows are written with the triggers, by `WorkflowStore`. */
import type { ScheduleConfig } from '../core/schedule/schedule.ts';
import type { Due } from '../core/schedule/take-due.ts';

/** `C` is a commit of the store. */
export interface ScheduleStore<C> {
  /**
   * Gives up to `limit` schedules that are due at `now`, and that nobody else has in hand, to `fire`, the most overdue
   * first. What it answers is written in one transaction, in which nobody else has them: everything of it, or nothing.
   * Those it does not answer for stay due.
   */
  take(
    now: number,
    limit: number,
    fire: (due: readonly DueSchedule[]) => Promise<readonly FiredSchedule<C>[]>,
  ): Promise<TakenSchedules>;
  /** Milliseconds that the most overdue of all projects has been due; 0 where none is. */
  lateness(now: number): Promise<number>;
}

export interface TakenSchedules {
  readonly taken: number;
  /** When the next becomes due, of those that are not yet. */
  readonly nextAt: number | null;
}

export interface DueSchedule {
  readonly triggerId: string;
  readonly projectId: string;
  readonly workflowId: string;
  readonly version: number;
  /** Id of the trigger in the definition. */
  readonly name: string;
  readonly config: ScheduleConfig;
  /** The first time that was not taken. */
  readonly at: number;
  /** Executions of the trigger that have not ended, where its overlap asks for them; at most `MAX_OVERLAP`. */
  readonly active: readonly string[];
}

export const MAX_OVERLAP = 1_000;

export interface FiredSchedule<C> {
  readonly triggerId: string;
  readonly projectId: string;
  /** Executions to create; one whose key is taken is there already. */
  readonly commits: readonly C[];
  /** Null: none comes any more. */
  readonly next: Due | null;
  /** Absent: as before. */
  readonly lastAt?: number;
}
