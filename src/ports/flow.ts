/** Flow control, as the engine and the API need it of the store. Times of waiting are those of the database's clock. */
import type { Admission, Look } from '../core/flow/admit.ts';
import type { Ticket } from '../core/flow/ticket.ts';

export interface FlowStore {
  /**
   * One look at up to `lanes` lanes behind the lane `after` ('' for the first), and what `decide` makes of it: written
   * as one transaction. Null where another process is at it; only one is at any time.
   */
  admit(after: string, lanes: number, decide: (look: Look) => Admission): Promise<Admitted | null>;
  /** Where an execution waits; undefined where it does not. */
  place(projectId: string, executionId: string): Promise<FlowPlace | undefined>;
  /** Those with most waiting first, then those with most running. */
  lanes(projectId: string, limit: number): Promise<LaneCount[]>;
  /** Executions held, of all projects. */
  waiting(): Promise<number>;
}

export interface Admitted {
  /** Executions that may begin now. */
  readonly admitted: number;
  /** The lane behind which the next look goes on; null: there is none. */
  readonly next: string | null;
  /** Another look at the same lanes may find more at once. */
  readonly more: boolean;
  /** Milliseconds until something is due by time; null: only when something else happens. */
  readonly dueMs: number | null;
}

export interface FlowPlace {
  readonly ticket: Ticket;
  /** Tickets of the same lane before it; counted to 1,000. */
  readonly ahead: number;
  /** Milliseconds since the epoch. */
  readonly queuedAt: number;
  readonly since: number;
}

export interface LaneCount {
  readonly lane: string;
  readonly workflowName: string;
  /** Slots taken: of executions that run, or of a rate limit. */
  readonly taken: number;
  readonly waiting: number;
}

/** Tickets before another that are counted. */
export const MAX_AHEAD = 1_000;
