/**
 * The tables of the memory store. Payloads are kept as JSON text, as PostgreSQL keeps them, so that nobody holds a
 * reference into the store and what JSON cannot hold is lost here as it is there.
 */

import type { Circuit } from '../../core/circuit.ts';
import type { EventSchema } from '../../core/event-schema/event-schema.ts';
import { type ExecutionEvent, isFinal, type Status } from '../../core/execution/index.ts';
import type { AwaitKind } from '../../core/node-type.ts';
import type { RetryRule } from '../../core/retry-rule.ts';
import type { Due } from '../../core/schedule/take-due.ts';
import type { WaitIndex } from '../../core/wait-index.ts';
import type { NewKey } from '../../ports/access.ts';
import type { Connection } from '../../ports/connections.ts';
import type { LetterRow, NewLetter } from '../../ports/dead-letters.ts';
import type { EventFeed } from '../../ports/event-feeds.ts';
import type { FigureRow } from '../../ports/figures.ts';
import type { StoredFile } from '../../ports/files.ts';
import type { BudgetRule, CallRow } from '../../ports/ledger.ts';
import type { NewMessage } from '../../ports/messages.ts';
import type { Replay } from '../../ports/replays.ts';
import type { NewSignIn } from '../../ports/sign-ins.ts';
import type { NewExecution, News, Signal, SignalBody } from '../../ports/store.ts';
import type { TokenChunk } from '../../ports/tokens.ts';
import type { ToldState } from '../../ports/trigger-states.ts';
import type { WaitRow } from '../../ports/waits.ts';
import type { WorkflowStatus } from '../../ports/workflows.ts';
import { type BudgetGrants, budgetGrants } from './budget-grants.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type { FeedEntry } from './feed-entry.ts';
import type { LiveListener } from './live-listener.ts';
import type { GroupRecord, MessageRecord } from './message-record.ts';
import type { PollRecord } from './poll-record.ts';
import type { PromptRecord } from './prompt-record.ts';
import type { SessionRecord } from './session-record.ts';

/** One database may serve several stores, as PostgreSQL serves several processes. */
export interface Database {
  readonly executions: Map<string, ExecutionRecord>;
  /** Ids of executions that nobody owns and that may have something to do: the queue is found among these. */
  readonly unowned: Set<string>;
  /** By execution, in the order they were posted. */
  readonly signals: Map<string, SignalRecord[]>;
  readonly timers: Map<string, { readonly executionId: string; readonly at: number }>;
  /** What waits for its admission, by execution, in the order of acceptance. */
  readonly tickets: Map<string, TicketRecord>;
  /** By lane, then by execution: when it becomes free (ms), or null for the end of the execution. */
  readonly slots: Map<string, Map<string, number | null>>;
  /** By project and key. */
  readonly keys: Map<string, { readonly executionId: string; readonly expiresAt: number }>;
  readonly workflows: Map<string, WorkflowRecord>;
  readonly workers: Map<string, WorkerRecord>;
  /** By trigger. */
  readonly schedules: Map<string, ScheduleRecord>;
  /** By trigger. */
  readonly polls: Map<string, PollRecord>;
  /** By project, trigger and group. */
  readonly brokerPlaces: Map<string, Readonly<Record<string, number>>>;
  /** By trigger and process. */
  readonly triggerStates: Map<string, ToldState & { readonly heardAt: number }>;
  /** By project and workflow, oldest first. They outlive their workflow: executions still run on them. */
  readonly versions: Map<string, VersionRecord[]>;
  /** Questions to the outside, by id, oldest first. */
  readonly waits: Map<string, WaitRecord>;
  /** By project. */
  readonly signingKeys: Map<string, string>;
  /** By hash. */
  readonly apiKeys: Map<string, KeyRecord>;
  /** By hash. */
  readonly signIns: Map<string, NewSignIn>;
  /** By place, oldest first. */
  /** All that were written, in their order. */
  readonly messages: MessageRecord[];
  /** Those that are not delivered, by place. */
  readonly undelivered: Map<number, MessageRecord>;
  /** When the ids of messages from outside expire, by project, source and id. */
  readonly messageIds: Map<string, number>;
  /** By id. */
  readonly replays: Map<string, Replay>;
  readonly replaysInHand: Set<string>;
  /** Somebody hands messages on: it is over when this resolves. */
  relaying: Promise<void> | null;
  /** The last message that was handed on. */
  relayedTo: number;
  /** By project and name, as the tables of PostgreSQL. */
  readonly eventGroups: Map<string, GroupRecord>;
  /** By project and name. */
  readonly circuits: Map<string, Circuit>;
  retentionPass: { startedAt: number; heardAt: number; finishedAt: number | null; removed: number } | null;
  readonly letters: Map<string, LetterRecord>;
  /** Those that projects have set, by project and category. */
  readonly letterRules: Map<string, RetryRule>;
  /** The books, in the order in which calls began. They outlive their executions. */
  readonly calls: CallRecord[];
  /** By project, scope, key and time. */
  readonly budgetRules: Map<string, BudgetRule>;
  /** Amounts by id; by project, account and currency. */
  readonly budgetGrants: BudgetGrants;
  /** By project, type and version. */
  readonly eventSchemas: Map<string, EventSchema>;
  /** Counts changes of them. */
  eventSchemaChanges: number;
  /** By project. */
  readonly eventFeeds: Map<string, EventFeed>;
  /** Where events lie that a feed has not sent, oldest first. */
  readonly feedEntries: FeedEntry[];
  /** Projects whose feed somebody sends. */
  readonly feedsInHand: Set<string>;
  /** By project and name. */
  readonly prompts: Map<string, PromptRecord>;
  /** By id. */
  readonly deliveries: Map<string, DeliveryRecord>;
  /** By id. */
  readonly connections: Map<string, Connection>;
  /** By project and hash. */
  readonly files: Map<string, FileRecord>;
  /** By id. */
  readonly sessions: Map<string, SessionRecord>;
  /** By project and key. */
  readonly sessionIds: Map<string, string>;
  readonly pastDays: Pick<SessionRecord, 'projectId' | 'summary' | 'days'>[];
  /** By call and start. */
  readonly tokenChunks: Map<string, TokenChunk & { readonly at: number }>;
  /** By project, workflow and time. */
  readonly minutes: Map<string, MinuteRecord>;
  /** What there was when somebody looked, the earliest first. */
  levels: LevelRecord[];
  /** Minutes before this are as they stay; null: none was counted. */
  settledTo: number | null;
  readonly listeners: Set<(news: News) => void>;
  readonly liveListeners: Set<LiveListener>;
  /** Place of the newest message. */
  /** Number of the last test of a document. */
  lastTest: number;
  lastMessage: number;
  /** Id of the newest signal. */
  lastSignal: number;
}

export type KeyRecord = NewKey & { lastUsedAt: number | null };

/** All executions there were. */
export interface LevelRecord {
  readonly at: number;
  readonly those: readonly Pick<ExecutionRecord, 'projectId' | 'workflowId' | 'status' | 'held'>[];
}

export interface MinuteRecord extends Mutable<FigureRow> {
  readonly projectId: string;
  readonly workflowId: string;
}

export interface ExecutionRecord extends Omit<NewExecution, 'key' | 'ticket'> {
  readonly id: string;
  readonly projectId: string;
  readonly events: EventRecord[];
  status: Status;
  /** It waits for its admission. */
  held: boolean;
  owner: string | null;
  startedAt: number | null;
  /** When it was last led on from a failure. */
  ledOnAt: number | null;
  finishedAt: number | null;
  /** JSON. */
  error: string | null;
}

type Noted = 'status' | 'retries' | 'retryAt' | 'retriedAs' | 'reviewedBy' | 'reviewedAt' | 'notes';
type Times = 'createdAt' | 'failedAt' | 'updatedAt';

export interface LetterRecord extends Pick<Mutable<LetterRow>, Noted | Times> {
  readonly letter: Omit<NewLetter, 'originalEvent' | 'error' | 'failedAt'>;
  /** JSON. */
  readonly originalEvent: string;
  /** JSON. */
  readonly error: string;
}

interface FileRecord extends StoredFile {
  readonly projectId: string;
  readonly data: Uint8Array;
  readonly isUpload: boolean;
  readonly usedAt: number;
}

export interface CallRecord extends Mutable<CallRow> {
  /** Names of the budgets that the definition sets. */
  accounts: readonly string[];
}
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface EventRecord {
  readonly type: ExecutionEvent['type'];
  readonly at: number;
  /** JSON. */
  readonly data: string;
}

export interface SignalRecord {
  readonly id: number;
  /** JSON. */
  readonly body: string;
}

export interface TicketRecord {
  readonly projectId: string;
  /** JSON. */
  readonly ticket: string;
  readonly queuedAt: number;
  since: number;
}

export interface WaitRecord extends WaitIndex {
  readonly projectId: string;
  readonly executionId: string;
  readonly path: string;
  readonly kind: AwaitKind;
  /** JSON. */
  readonly details: string;
  readonly createdAt: number;
  readonly closedAt: number | null;
  readonly closedBy: WaitRow['closedBy'];
  /** JSON. */
  readonly answer: string | null;
  /** Which message answered it. */
  readonly message: string | null;
}

export interface VersionRecord {
  readonly version: number;
  /** JSON. */
  readonly definition: string;
  readonly createdAt: number;
  readonly savedBy: string | null;
  /** Of a test, whose version is below zero. */
  readonly executionId?: string;
}

export interface WorkflowRecord {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly version: number;
  readonly status: WorkflowStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly triggers: readonly TriggerRecord[];
}

export interface ScheduleRecord {
  readonly projectId: string;
  readonly workflowId: string;
  /** JSON. */
  readonly config: string;
  readonly next: Due | null;
  readonly lastAt: number | null;
  /** Some process fires it. */
  readonly inHand: boolean;
}

interface WorkerRecord {
  readonly host: string;
  readonly pid: number;
  /** Time of the last heartbeat. */
  heardAt: number;
}

export interface TriggerRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** JSON. */
  readonly config: string;
  readonly webhook: { readonly path: string; readonly method: string } | null;
}

export function memoryDatabase(): Database {
  return {
    executions: new Map(),
    unowned: new Set(),
    signals: new Map(),
    timers: new Map(),
    tickets: new Map(),
    slots: new Map(),
    keys: new Map(),
    workflows: new Map(),
    workers: new Map(),
    schedules: new Map(),
    polls: new Map(),
    brokerPlaces: new Map(),
    triggerStates: new Map(),
    versions: new Map(),
    waits: new Map(),
    signingKeys: new Map(),
    apiKeys: new Map(),
    signIns: new Map(),
    messages: [],
    undelivered: new Map(),
    messageIds: new Map(),
    replays: new Map(),
    replaysInHand: new Set(),
    relaying: null,
    relayedTo: 0,
    eventGroups: new Map(),
    circuits: new Map(),
    retentionPass: null,
    letters: new Map(),
    letterRules: new Map(),
    calls: [],
    budgetRules: new Map(),
    budgetGrants: budgetGrants(),
    eventSchemas: new Map(),
    eventSchemaChanges: 0,
    eventFeeds: new Map(),
    feedEntries: [],
    feedsInHand: new Set(),
    prompts: new Map(),
    deliveries: new Map(),
    connections: new Map(),
    files: new Map(),
    sessions: new Map(),
    sessionIds: new Map(),
    pastDays: [],
    tokenChunks: new Map(),
    minutes: new Map(),
    levels: [],
    settledTo: null,
    listeners: new Set(),
    liveListeners: new Set(),
    lastTest: 0,
    lastMessage: 0,
    lastSignal: 0,
  };
}

/** To be called whenever the owner or status of an execution has changed. */
export function settle(database: Database, execution: ExecutionRecord): void {
  const { id, owner, status } = execution;
  if (owner === null && !isFinal(status)) database.unowned.add(id);
  else database.unowned.delete(id);
}

export function addSignal(database: Database, executionId: string, body: SignalBody): void {
  database.lastSignal += 1;
  const waiting = database.signals.get(executionId) ?? [];
  waiting.push({ id: database.lastSignal, body: JSON.stringify(body) });
  database.signals.set(executionId, waiting);
}

export function addMessage(database: Database, now: number, { projectId, event }: NewMessage): void {
  database.lastMessage += 1;
  const id = database.lastMessage;
  const record = { id, projectId, event: JSON.stringify(event), attempts: 0, retryAt: null, createdAt: now };
  database.messages.push(record);
  database.undelivered.set(id, record);
}

/** It gives up its place in a lane, and the slots it holds to its end. */
export function freeSlots(database: Database, executionId: string): void {
  database.tickets.delete(executionId);
  for (const [lane, slots] of database.slots) {
    if (slots.get(executionId) === null) slots.delete(executionId);
    if (slots.size === 0) database.slots.delete(lane);
  }
}

export function takeSlot(database: Database, lane: string, executionId: string, expiresAt: number | null): void {
  const slots = database.slots.get(lane) ?? new Map();
  slots.set(executionId, expiresAt);
  database.slots.set(lane, slots);
}

/** Keeps only the signals of this execution that pass. */
export function keepSignals(database: Database, executionId: string, keep: (signal: Signal) => boolean): void {
  const kept = (database.signals.get(executionId) ?? []).filter((one) => keep(toSignal(executionId, one)));
  if (kept.length > 0) database.signals.set(executionId, kept);
  else database.signals.delete(executionId);
}

export function toSignal(executionId: string, { id, body }: SignalRecord): Signal {
  return { id: String(id), executionId, signal: JSON.parse(body) };
}

export const keyPlace = (projectId: string, key: string): string => `${projectId} ${key}`;

/** Tells every store over this database that there is something new; never within the operation that made it. */
export function wake(database: Database, news: News = 'work'): void {
  for (const heard of database.listeners) queueMicrotask(() => heard(news));
}
