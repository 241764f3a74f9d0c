/** Figures over time: how many executions started and ended, and how long they took, by minutes and hours. */
import type { Status } from '../core/execution/index.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

export interface FigureStore {
  /**
   * Counts anew the minutes that may still change, from the first that is not settled, up to `minutes` of them; with
   * `settles`, those that ended `settleMs` ago or longer are settled then. One process at a time: null where another is
   * at it. Any number of times is as once.
   */
  count(options: CountOptions): Promise<Counted | null>;
  /** By time, those in which there was something. */
  series(query: SeriesQuery): Promise<FigureRow[]>;
  /** The most there were in each step, as far as somebody looked (`count`); by time, those in which somebody did. */
  levels(query: SeriesQuery): Promise<LevelRow[]>;
  /** How many there are now, each counted up to `limit`. */
  present(projectId: string, workflowId: string | undefined, limit: number): Promise<Present>;
  /** Workflows by name, those after the name `after`, with their hours from `since`. */
  workflows(
    projectId: string,
    since: number,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<WorkflowFigures[]>;
  /** Removes minutes and hours that began before this time; minutes of levels go after 8 days. */
  forget(before: number): Promise<void>;
}

export interface CountOptions {
  readonly minutes: number;
  readonly settleMs: number;
  readonly settles: boolean;
  /** Where nothing was ever counted, nothing before this time is. */
  readonly since: number;
  /** Also looks how many executions there are now. */
  readonly looks?: boolean;
}

export interface Counted {
  /** There are later minutes that were not counted in this round. */
  readonly behind: boolean;
}

/** Each execution has one end at most: the end of one that was led on is taken back, in its own minute. */
export interface Figures {
  /** Executions that were accepted. */
  readonly started: number;
  readonly completed: number;
  /** Also those of which not everything could be undone. */
  readonly failed: number;
  /** Something went wrong, or they were canceled, and what they had done was undone. */
  readonly compensated: number;
  readonly canceled: number;
  /**
   * Of those that completed, from their begin, or from when they were last led on after a failure: the sum, and the
   * buckets of core/durations.ts.
   */
  readonly durationMs: number;
  readonly durations: string;
}

export interface FigureRow extends Figures {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface SeriesQuery {
  readonly projectId: string;
  /** Absent: the whole project. */
  readonly workflowId?: string;
  /** Milliseconds since the epoch; whole steps. */
  readonly from: number;
  readonly to: number;
  /** A whole number of minutes; of hours, where it is an hour or more. */
  readonly stepMs: number;
}

export interface Present {
  /** Accepted, and not begun: they wait for a worker. */
  readonly queued: number;
  /** Accepted, and not begun: they wait for their admission (flow control). */
  readonly held: number;
  /** At work, also at undoing. */
  readonly running: number;
  /** For a timer, an answer, a child. */
  readonly waiting: number;
}

export interface LevelRow extends Present {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface WorkflowFigures {
  readonly workflowId: string;
  readonly workflowName: string;
  readonly last: { readonly id: string; readonly status: Status; readonly at: number } | null;
  /** By time, those in which there was something. */
  readonly hours: readonly Omit<FigureRow, 'durationMs' | 'durations'>[];
  /** Of all these hours together; before there was something new, of a day that began somewhat earlier. */
  readonly durations: string;
}
