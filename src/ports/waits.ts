/**
 * What waiting nodes ask of the outside. A question is opened and closed by the commits of its execution
 * (`Commit.opens`, `Commit.closes`), or closed by the first answer: of many at the same time exactly one is taken.
 */
import type { AwaitKind } from '../core/node-type.ts';

export interface WaitStore {
  get(projectId: string, id: string): Promise<WaitRow | undefined>;
  /** Newest first, or by due time. */
  list(query: WaitQuery): Promise<WaitRow[]>;
  /** Of those that `list` would give, how many. */
  count(query: WaitQuery): Promise<number>;
  /**
   * Each answer goes to its execution as a signal, if the question is open and the execution has not ended; all in one
   * transaction. A final one closes the question with it, so that any after it comes too late. Results in the order
   * given; no id twice. `now` in milliseconds since the epoch.
   */
  answer(answers: readonly NewAnswer[], now: number): Promise<Answered[]>;
  /** The open callback of this execution, of the node of this id where one is named, the first if there are several. */
  callback(projectId: string, executionId: string, node?: string): Promise<CallbackPlace>;
  /** Those of these types that an open wait may take. */
  expected(projectId: string, types: readonly string[]): Promise<ReadonlySet<string>>;
  /** Open waits whose type or pattern may take an event of this type, by id, after the id `after`. */
  forEvent(projectId: string, type: string, page: { after?: string; limit: number }): Promise<EventWait[]>;
}

export interface WaitRow {
  readonly id: string;
  readonly projectId: string;
  readonly executionId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly path: string;
  readonly kind: AwaitKind;
  readonly details: unknown;
  readonly createdAt: number;
  readonly closedAt: number | null;
  /** The first to close it: an answer, its time-out, or an execution that waits no more; null: it is open. */
  readonly closedBy: 'answer' | 'time' | 'execution' | null;
  /** The answer that closed it; null where none did. */
  readonly answer: unknown;
}

export interface WaitQuery {
  readonly projectId: string;
  readonly kind: AwaitKind;
  readonly open?: boolean;
  /** Any of those who are asked, by the exact names. */
  readonly assignees?: readonly string[];
  /** Asks one of these, or nobody by name. */
  readonly for?: readonly string[];
  readonly workflowId?: string;
  readonly executionId?: string;
  /** Older than this id. */
  readonly before?: string;
  /** Due soonest first, then what is never due; newest first among equals. */
  readonly byDue?: boolean;
  /** With `byDue`: what comes after this place in the order. */
  readonly after?: DueSpot;
  readonly limit: number;
}

export interface DueSpot {
  /** Milliseconds since the epoch; null: never. */
  readonly due: number | null;
  readonly id: string;
}

export interface NewAnswer {
  readonly projectId: string;
  readonly waitId: string;
  /** JSON. */
  readonly answer: unknown;
  /** False: the question stays open, as when somebody passes it on. */
  readonly final: boolean;
  /** What is the same of a message whenever it is delivered; it answers one wait of an execution. Absent: it is none. */
  readonly message?: string;
}

/**
 * Of open questions: `ended`, the execution failed around it; `repeated`, the message has answered another one of its
 * execution, the oldest of those that are given together.
 */
export type Answered = 'taken' | 'closed' | 'ended' | 'repeated' | 'absent';

/** `closed`: there was one and it has been answered, or given up. */
export type CallbackPlace =
  | { readonly state: 'open'; readonly waitId: string }
  | { readonly state: 'closed' }
  | { readonly state: 'none' };

export interface EventWait {
  readonly id: string;
  readonly executionId: string;
  readonly details: unknown;
}
