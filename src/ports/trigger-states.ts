/**
 * How the triggers that listen by themselves (brokers, polls, tables) are getting on, told by each process that has
 * them. What a process does not confirm for a while is as good as gone with it.
 */
import type { ErrorInfo } from '../core/errors.ts';
import type { TriggerStatus } from '../core/trigger-state.ts';

export interface TriggerStateStore {
  /**
   * Takes the place of all that the process has told before: of each trigger one row. Rows of processes that were
   * silent for longer than `silentMs`, by the clock of the store, are removed.
   */
  tell(process: string, states: readonly TriggerState[], silentMs: number): Promise<void>;
  /** Of processes that were heard within `silentMs`; by trigger, then by process. */
  list(projectId: string, silentMs: number): Promise<ToldState[]>;
  /** Triggers of all projects that are in error in some process, by type. */
  errors(silentMs: number): Promise<{ readonly type: string; readonly count: number }[]>;
}

export interface TriggerState {
  readonly projectId: string;
  readonly triggerId: string;
  readonly status: TriggerStatus;
  /** What is wrong, where its status is error. */
  readonly error: ErrorInfo | null;
  /** When the status began, in milliseconds since the epoch. */
  readonly since: number;
  /** When the last message, or item of a poll, was taken; null: none yet. */
  readonly lastMessageAt: number | null;
  /** Taken since the process began with it. */
  readonly messages: number;
  /** That wait outside, where that is known. */
  readonly lag: number | null;
}

export interface ToldState extends TriggerState {
  readonly process: string;
}
