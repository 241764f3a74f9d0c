/** How far a poll has come. */
export interface PollRecord {
  readonly projectId: string;
  readonly workflowId: string;
  readonly source: string;
  readonly stamp: string;
  readonly dueAt: number | null;
  /** Null: it has no rate. */
  readonly gapMs: number | null;
  readonly freeAt: number | null;
  readonly heldUntil: number | null;
  readonly turn: number;
  readonly polledAt: number | null;
  readonly begun: boolean;
  /** JSON. */
  readonly cursor: string;
  readonly failures: number;
  /** JSON. */
  readonly error: string | null;
  /** Hash by id. */
  readonly items: ReadonlyMap<string, string>;
}
