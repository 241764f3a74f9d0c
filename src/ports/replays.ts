/** Replays: messages of the log that start executions of a workflow once more. */
import type { ErrorInfo } from '../core/errors.ts';
import type { ReplayStatus } from '../core/replay-status.ts';
import type { MessageFilter } from './messages.ts';

/** That may run in a project at the same time. */
export const MAX_REPLAYS = 10;

export interface ReplayStore {
  /**
   * With the end of the log as it is now: what has its place by then is of the replay, also where its transaction is
   * still open. Undefined, and nothing is written: `MAX_REPLAYS` of the project run.
   */
  add(replay: NewReplay): Promise<Replay | undefined>;
  get(projectId: string, id: string): Promise<Replay | undefined>;
  /** Newest first; those before the id `before`. */
  list(projectId: string, page: { readonly before?: string; readonly limit: number }): Promise<Replay[]>;
  /** One that runs ends as canceled, any other stays as it is: the replay as it is then. */
  cancel(projectId: string, id: string, now: number): Promise<Replay | undefined>;
  /**
   * Gives one that runs, of any project, and that no other process has in hand, to `advance`: the one that has waited
   * longest for it. What it answers is written, but the status of one that was canceled meanwhile. Resolves with the
   * replay as it is then; undefined where none runs. Null: those that run are in other hands, or wait since a message
   * may still appear before their end: not all that was being written when they were added is committed or given up.
   */
  step(now: number, advance: (replay: Replay) => Promise<ReplayStep>): Promise<Replay | null | undefined>;
}

/** Times in milliseconds since the epoch. */
export interface Replay extends ReplayStep {
  readonly id: string;
  readonly projectId: string;
  readonly filter: Omit<MessageFilter, 'projectId'>;
  readonly workflowId: string;
  readonly workflowName: string;
  /** Of the beginning: all its executions run on this one. */
  readonly version: number;
  /** Null: the workflow has no event trigger, and takes every message. */
  readonly trigger: ReplayTrigger | null;
  /** What acts on the world is not run. */
  readonly suppressed: boolean;
  /** The last place of the log at the beginning; what comes later is not of it. */
  readonly end: number;
  /** Messages that the filter found at the beginning. */
  readonly total: number;
  readonly createdAt: number;
  /** Of the last step. */
  readonly movedAt: number;
  readonly finishedAt: number | null;
}

export type NewReplay = Omit<Replay, 'end'>;

/** An event trigger, by its id in the definition. */
export interface ReplayTrigger {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** How far it is. */
export interface ReplayStep {
  readonly status: ReplayStatus;
  /** Messages up to this place are done with. */
  readonly position: number;
  readonly started: number;
  /** Messages that the trigger does not take. */
  readonly skipped: number;
  /** Messages that could start nothing. */
  readonly refused: number;
  /** Why it failed, or why the last message was refused. */
  readonly error: ErrorInfo | null;
}
