/**
 * The system of record, as the engine needs it. Implemented by adapters/postgres and adapters/memory under one
 * conformance suite (testing/store.suite.ts). Every operation may throw `store_unavailable`.
 */
import type { ErrorInfo } from '../core/errors.ts';
import type { Command, ExecutionEvent, Outcome, Status } from '../core/execution/index.ts';
import type { Ticket } from '../core/flow/ticket.ts';
import type { AwaitKind } from '../core/node-type.ts';
import type { AccessStore } from './access.ts';
import type { BreakerStore } from './breakers.ts';
import type { BrokerPlaceStore } from './broker-places.ts';
import type { ConnectionStore } from './connections.ts';
import type { DeadLetterStore, NewLetter } from './dead-letters.ts';
import type { DeliveryStore } from './deliveries.ts';
import type { EventFeedStore } from './event-feeds.ts';
import type { EventGroupStore } from './event-groups.ts';
import type { EventSchemaStore } from './event-schemas.ts';
import type { FigureStore } from './figures.ts';
import type { FileStore } from './files.ts';
import type { FlowStore } from './flow.ts';
import type { LedgerStore, NewCall, SettledCall, Shortage } from './ledger.ts';
import type { LiveStore } from './live.ts';
import type { MessageStore, NewMessage } from './messages.ts';
import type { PollStore } from './polls.ts';
import type { PromptStore } from './prompts.ts';
import type { ReplayStore } from './replays.ts';
import type { RetentionStore } from './retention.ts';
import type { ScheduleStore } from './schedules.ts';
import type { SessionAppend, SessionStore } from './sessions.ts';
import type { SignInStore } from './sign-ins.ts';
import type { TokenStore } from './tokens.ts';
import type { TriggerStateStore } from './trigger-states.ts';
import type { WaitStore } from './waits.ts';
import type { WorkflowStore } from './workflows.ts';

export interface Store {
  readonly executions: ExecutionStore;
  readonly workflows: WorkflowStore;
  readonly workers: WorkerStore;
  readonly access: AccessStore;
  readonly signIns: SignInStore;
  readonly retention: RetentionStore;
  readonly breakers: BreakerStore;
  readonly messages: MessageStore;
  readonly eventGroups: EventGroupStore;
  readonly replays: ReplayStore;
  readonly eventSchemas: EventSchemaStore;
  readonly eventFeeds: EventFeedStore;
  readonly waits: WaitStore;
  readonly flow: FlowStore;
  readonly deadLetters: DeadLetterStore<Commit>;
  readonly ledger: LedgerStore;
  readonly sessions: SessionStore;
  readonly prompts: PromptStore;
  readonly connections: ConnectionStore;
  readonly deliveries: DeliveryStore;
  readonly files: FileStore;
  readonly tokens: TokenStore;
  readonly live: LiveStore;
  readonly figures: FigureStore;
  readonly schedules: ScheduleStore<Commit>;
  readonly polls: PollStore<Commit>;
  readonly triggerStates: TriggerStateStore;
  readonly brokerPlaces: BrokerPlaceStore;
  /** Calls back when any process has made news. */
  listen(heard: (news: News) => void): Promise<void>;
  /** Resolves when the database answers; throws `store_unavailable`. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * `work`: a signal was posted or an execution queued; `messages`: some were written to the log; `flow`: an execution
 * waits for its admission, or gave up its slots; `sessions`: a session has events that are not projected; `tokens`: model
 * calls have more text; `schedules`: some were written; `triggers`: workflows or connections were changed, so others may
 * listen now, or otherwise; `schemas`: schemas of messages were written or deleted.
 */
export type News =
  | 'work'
  | 'messages'
  | 'flow'
  | 'sessions'
  | 'tokens'
  | 'schedules'
  | 'triggers'
  | 'schemas'
  | 'feeds';

/* ---------------------------------------------------------------- executions */

export interface ExecutionStore {
  /**
   * Writes all commits in one transaction. A commit that is refused (its owner is not the writer any more) or a
   * duplicate (its key is taken) leaves no trace and does not disturb the others. Results in the order given.
   */
  commit(commits: readonly Commit[]): Promise<CommitResult[]>;
  /**
   * Gives up to `limit` executions that have something to do and no owner to `owner`: an equal share to each project,
   * what one does not need goes to the others. Within a project by rank (core/flow/rank.ts). One that is held is given
   * only where a cancel waits for it. A worker that was given up for dead is given nothing under its old name.
   */
  claim(owner: string, limit: number): Promise<Claimed[]>;
  /** How many executions wait in the queue, of all projects, counted up to `limit`. */
  queued(limit: number): Promise<number>;
  /**
   * How many executions stand before what a trigger would start, counted up to `limit`: those of its project in the
   * queue, and its own that wait for their admission.
   */
  ahead(of: TriggerPlace, limit: number): Promise<number>;
  /** The whole history of each execution, by id. */
  histories(ids: readonly string[]): Promise<Map<string, ExecutionEvent[]>>;
  /** Signals not yet taken, of these executions, in the order they were posted. */
  signals(ids: readonly string[]): Promise<Signal[]>;
  /** Ids of executions of this owner that have signals waiting. */
  signaled(owner: string): Promise<string[]>;
  /** Posts a signal to one execution; false where there is none of this id. */
  post(signal: NewSignal): Promise<boolean>;
  /**
   * Posts the signal to those of these executions that have one of the statuses; one for which such a signal waits
   * already gets no other. The ids of all that have it now.
   */
  postToEach(post: PostToEach): Promise<string[]>;
  /** Posts the signal to every execution of a workflow that has not ended; says to how many. */
  postToWorkflow(projectId: string, workflowId: string, signal: SignalBody): Promise<number>;
  /** Turns up to `limit` timers due at `now` into signals; says how many, and when the next is due (ms) or null. */
  fireTimers(now: number, limit: number): Promise<{ fired: number; nextAt: number | null }>;
  /** Gives executions back to the queue; all of the owner's where no ids are named. */
  release(owner: string, ids?: readonly string[]): Promise<number>;
  /** Ids of the executions that the owner has. */
  owned(owner: string): Promise<string[]>;
  /**
   * Sets aside an execution that cannot be read or decided: its row fails with the error, its history is untouched,
   * its parent hears of it, or a dead letter tells of it. Nothing happens where another than `owner`, if one is named, has it by now.
   */
  quarantine(id: string, error: ErrorInfo, owner?: string): Promise<void>;

  /** Removes what nobody will ask for again: expired keys and sign-ins, signals to executions that have ended for good. */
  tidy(now: number): Promise<void>;

  get(projectId: string, id: string): Promise<ExecutionRow | undefined>;
  /** Newest first, however far it has to look. */
  list(query: ExecutionQuery): Promise<ExecutionRow[]>;
  /** The same, looking no further than `reach`: a page may have few, or none, and others follow all the same. */
  page(query: ExecutionQuery & Reach): Promise<ExecutionPage>;
  /** How many fit, counted up to `limit`, and no further than `reach`; `whole`: there are no more. */
  count(query: ExecutionQuery & Reach): Promise<{ readonly count: number; readonly whole: boolean }>;
  /** Events with a sequence number above `after`, at most `limit`. */
  events(projectId: string, id: string, after: number, limit: number): Promise<StoredEvent[]>;
  /** Removes an execution that has ended, with its events; false where there is none. */
  delete(projectId: string, id: string): Promise<boolean>;
  /** The execution that holds this idempotency key and has not expired. */
  byKey(projectId: string, key: string): Promise<string | undefined>;
}

/** What one decision writes: everything of it, or nothing. */
export interface Commit {
  readonly executionId: string;
  readonly projectId: string;
  readonly workflowId: string;
  /** The worker that writes; it must be the owner, unless this creates the execution. */
  readonly writer: string;
  /** Present when this commit creates the execution. */
  readonly create?: NewExecution;
  /** Sequence number of the first event. */
  readonly firstSeq: number;
  readonly events: readonly ExecutionEvent[];
  readonly status: Status;
  /** The owner from now on; null: nobody (it waits, has ended, or is queued). */
  readonly owner: string | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number | null;
  /** Null where it has not ended; also where it had ended before, and stays as it is. */
  readonly finishedAt: number | null;
  readonly error: ErrorInfo | null;
  /** The row of the execution says all of this already: whether its writer still owns it is all there is to look at. */
  readonly unmoved?: true;
  readonly arm: readonly { readonly timerId: string; readonly at: number }[];
  readonly disarm: readonly string[];
  /** Signals this decision has taken in. */
  readonly taken: readonly string[];
  /** Signals to other executions. */
  readonly posts: readonly NewSignal[];
  /** Child executions; created together with this commit. */
  readonly children: readonly Commit[];
  /** It gives up its slots of flow control, and its place in a lane: it has ended. */
  readonly frees?: boolean;
  /** It has ended before and goes on: slots in these lanes are taken again, also where that passes a limit. */
  readonly takes?: readonly string[];
  /** Messages that leave with this commit. */
  readonly messages?: readonly NewMessage[];
  /** The dead letter that its failure makes, or makes new again. */
  readonly letter?: NewLetter;
  /** It was led on from a failure: its dead letter, if it has one, is RETRIED, and no figure knows that end any more. */
  readonly revived?: true;
  /** Questions to the outside that are open from now on; one of the same id changes. */
  readonly opens?: readonly OpenWait[];
  /** Questions that are closed. One that expired must still be open: else the whole commit is `stale`. */
  readonly closes?: readonly { readonly waitId: string; readonly expired: boolean }[];
  /** Paid calls of this execution that it dispatches; those that a budget refuses are in the result. */
  readonly calls?: readonly NewCall[];
  /** What became of paid calls that were open; before `calls`. A path that has no open call is left out. */
  readonly settles?: readonly SettledCall[];
  /** What it adds to sessions. */
  readonly sessions?: readonly SessionAppend[];
}

/** A question of a waiting node to a person, the holder of a URL, or whatever sends events. */
export interface OpenWait {
  readonly waitId: string;
  readonly path: string;
  readonly kind: AwaitKind;
  /** JSON. */
  readonly details: unknown;
}

export interface NewExecution {
  readonly workflowId: string;
  readonly version: number;
  readonly triggerId: string;
  readonly priority: number;
  readonly createdAt: number;
  readonly parentId: string | null;
  /** `expiresAt` in milliseconds since the epoch. */
  readonly key?: { readonly key: string; readonly expiresAt: number };
  /** It is held: it waits for its admission with this ticket. */
  readonly ticket?: Ticket;
}

/**
 * `duplicate`: the key is held by `of`. `refused`: the writer is not the owner any more. `stale`: an answer came for a
 * question that was to expire, or others have written since (it was owned, lost, and is owned again); the writer owns it
 * still, and must read it again and decide again.
 */
export type CommitResult =
  | { readonly result: 'committed'; readonly short?: readonly Shortage[] }
  | { readonly result: 'refused' }
  | { readonly result: 'stale' }
  | { readonly result: 'duplicate'; readonly of: string };

/** A trigger, as executions name the one that started them. */
export interface TriggerPlace {
  readonly projectId: string;
  readonly workflowId: string;
  readonly triggerId: string;
}

export interface Claimed {
  readonly id: string;
  readonly projectId: string;
  readonly workflowId: string;
  readonly version: number;
  /** It may not begin yet; it can only be canceled. */
  readonly held: boolean;
}

/** Something from outside that an execution takes in. */
export interface NewSignal {
  readonly executionId: string;
  readonly projectId: string;
  readonly signal: SignalBody;
}
export type SignalBody =
  | { readonly type: 'timer'; readonly timerId: string }
  | { readonly type: 'child-ended'; readonly executionId: string; readonly outcome: Outcome }
  | Extract<Command, { type: 'cancel' | 'pause' | 'resume' | 'retry' | 'skip' | 'answer' | 'callback' | 'gather' }>;

/** Signals that lead a failed execution on; what else comes for it waits for one of these. */
export const REVIVING = ['retry', 'skip', 'cancel'] as const;

export interface Signal {
  readonly id: string;
  readonly executionId: string;
  readonly signal: SignalBody;
}

export interface ExecutionRow {
  readonly id: string;
  readonly projectId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly version: number;
  readonly status: Status;
  readonly triggerId: string;
  readonly parentId: string | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly error: ErrorInfo | null;
}

export interface ExecutionQuery {
  readonly projectId: string;
  readonly workflowId?: string;
  /** Any of these. */
  readonly statuses?: readonly Status[];
  readonly triggerId?: string;
  /** Of the error. */
  readonly code?: string;
  /** Milliseconds since the epoch, of its end. */
  readonly endedFrom?: number;
  readonly endedTo?: number;
  /** Milliseconds since the epoch, of creation; an id holds its time too, and the two agree within a minute. */
  readonly from?: number;
  readonly to?: number;
  /** Executions older than this id. */
  readonly before?: string;
  readonly limit: number;
}

/**
 * Executions that are looked at for one page, by what no index knows: trigger, code and end. Indexes for these would cost
 * every start and every end; what comes before them (workflow, status, time of creation) is found by index.
 */
export interface Reach {
  readonly reach: number;
}

export interface ExecutionPage {
  readonly items: readonly ExecutionRow[];
  /** Where to look on, as `before`; null: there are no more. */
  readonly next: string | null;
}

export interface PostToEach {
  readonly projectId: string;
  readonly ids: readonly string[];
  readonly statuses: readonly Status[];
  readonly signal: SignalBody;
}

export type StoredEvent = ExecutionEvent & { readonly seq: number };

/* ---------------------------------------------------------------- workers */

export interface WorkerStore {
  register(worker: { id: string; host: string; pid: number; roles: readonly string[] }): Promise<void>;
  /** False where the worker was given up for dead: it must drop what it owns and register anew. */
  heartbeat(id: string): Promise<boolean>;
  /** Workers registered from this host; one whose process is gone may be removed at once, by `leave`. */
  onHost(host: string): Promise<{ readonly id: string; readonly pid: number }[]>;
  /** Removes the worker and releases what it owns. */
  leave(id: string): Promise<void>;
  /** Removes workers silent for `silentMs`, by the database's clock, and releases what they owned; says how many. */
  buryDead(silentMs: number): Promise<{ workers: number; executions: number }>;
}

/** The project that every install begins with. */
export const DEFAULT_PROJECT = '00000000-0000-7000-8000-000000000001';
