/**
 * Sessions: streams of events (core/session), the read models made of them, and what an agent remembers. Events are
 * appended by the commits of executions (`Commit.sessions`), which take the next places, or by `append`, which names
 * the place it expects.
 */
import type { Json } from '../core/json.ts';
import type { SessionEvent, SessionEventOf } from '../core/session/events.ts';
import type { SessionState } from '../core/session/state.ts';

/** What a commit adds to a session. */
export interface SessionAppend {
  /** Its id, where `start.data.key` is new to the project; else it has one. */
  readonly newId: string;
  /** Written first where the session is new. */
  readonly start: SessionEventOf<'agent.session.started'>;
  readonly events: readonly SessionEvent[];
  readonly category?: string;
  readonly tags?: readonly string[];
}

export type StoredSessionEvent = SessionEvent & { readonly seq: number };

export interface SessionStore {
  /**
   * Appends after `expectedSeq` (0: it must be new). Throws `session_conflict` where others have written since, with
   * the present number in its data, `session_ended` where it has ended. Answers its id and the number of the last.
   */
  append(projectId: string, append: SessionAppend, expectedSeq: number): Promise<{ id: string; seq: number }>;
  /** Events with a number above `after`, at most `limit`. */
  events(projectId: string, sessionId: string, after: number, limit: number): Promise<StoredSessionEvent[]>;
  /** The newest snapshot at or below `seq`. */
  snapshot(projectId: string, sessionId: string, seq: number): Promise<SessionState | undefined>;
  /** By id or key. As far as it is projected, but its number and whether it has ended are of this moment. */
  get(projectId: string, idOrKey: string): Promise<SessionSummary | undefined>;
  /** The latest activity first. */
  list(query: SessionQuery): Promise<SessionSummary[]>;
  /** Oldest first, those with a place above `after`. */
  timeline(projectId: string, sessionId: string, after: number, limit: number): Promise<TimelineRow[]>;
  performance(query: PerformanceQuery): Promise<PerformanceRow[]>;
  /**
   * Projects what is new of up to `limit` sessions, those first that have waited longest, each whole or not at all,
   * and writes snapshots; says of which project each was that had news. Any number of processes may do it at the same
   * time.
   */
  project(limit: number, folds: SessionFolds): Promise<string[]>;
  /**
   * Makes a projection of a project anew from the events, session by session, while it goes on being read and
   * written. Calls back with what is done; resolves when all are. Stops between two sessions where `signal` says so.
   */
  rebuild(
    projectId: string,
    projection: ProjectionName,
    folds: SessionFolds,
    progress: (done: number, of: number) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  /**
   * Up to `limit` active sessions of all projects without activity for longer than their own time, else for `idleMs`
   * (null: for ever), as far as they are projected.
   */
  idle(now: number, idleMs: number | null, limit: number): Promise<IdleSession[]>;
  /**
   * Removes a session with all that was said in it; the figures of its agent stay. False where there is none. What an
   * execution adds to its key later begins a new one.
   */
  remove(projectId: string, id: string): Promise<boolean>;
  /** Removes up to `limit` that have ended, without activity since; answers them. */
  removeEnded(before: number, limit: number): Promise<SessionPlace[]>;
  /** Active sessions of all projects, by agent, as far as they are projected; the largest 100. */
  active(): Promise<readonly { readonly agent: string; readonly sessions: number }[]>;
  /** Full-text search over what was said and remembered, the best first. */
  recall(query: RecallQuery): Promise<Recalled[]>;
}

export type SessionPlace = Pick<SessionSummary, 'projectId' | 'id'>;
/** `seq` of its last event then: whoever goes on with it adds another. */
export type IdleSession = Pick<SessionSummary, 'projectId' | 'id' | 'seq'>;

export const PROJECTIONS = ['agent_session_summary', 'message_timeline', 'agent_performance_daily'] as const;
export type ProjectionName = (typeof PROJECTIONS)[number];

/** How rows are made of events: pure, and the same in every store (projections/sessions.ts). */
export interface SessionFolds {
  /** The row after these events, which follow it. */
  summary(row: SessionSummary, events: readonly StoredSessionEvent[]): SessionSummary;
  /** Undefined where it is nothing that a person reads. */
  timeline(event: StoredSessionEvent): TimelineRow | undefined;
  /** What these events add to each day. */
  days(events: readonly StoredSessionEvent[]): readonly SessionDay[];
}

/** What a session adds to the figures of its agent on a day. */
export interface SessionDay {
  /** In UTC, such as 2026-11-27. */
  readonly day: string;
  readonly counts: DayCounts;
}

export const DAY_COUNTS = [
  'sessions',
  'messages',
  'responses',
  'modelCalls',
  'failedModelCalls',
  'toolCalls',
  'failedToolCalls',
  'inputTokens',
  'outputTokens',
  'cost',
  'latencyMs',
] as const;
export type DayCounts = Readonly<Record<(typeof DAY_COUNTS)[number], number>>;

export interface SessionSummary {
  readonly id: string;
  readonly projectId: string;
  readonly key: string;
  readonly agent: string;
  readonly userId: string | null;
  readonly status: 'active' | 'ended';
  /** Number of its last event; in lists, of the last that is projected. */
  readonly seq: number;
  readonly startedAt: number;
  readonly lastActivity: number;
  readonly endedAt: number | null;
  readonly endReason: string | null;
  /** Of people and the agent. */
  readonly messageCount: number;
  readonly modelCalls: number;
  readonly toolCalls: number;
  readonly failedToolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In nanos. */
  readonly cost: number;
  readonly lastUserMessage: string | null;
  readonly lastResponse: string | null;
  /** Whose the later of the two is; null: there is none, or nobody wrote it down yet. */
  readonly lastRole: 'user' | 'agent' | null;
  /** The latest that was classified. */
  readonly intent: string | null;
  readonly category: string | null;
  readonly tags: readonly string[];
}

export interface SessionQuery {
  readonly projectId: string;
  readonly userId?: string;
  readonly agent?: string;
  readonly status?: SessionSummary['status'];
  /** Of the latest activity, in milliseconds since the epoch. */
  readonly from?: number;
  readonly to?: number;
  readonly category?: string;
  /** Has all of them. */
  readonly tags?: readonly string[];
  /** Older than this place. */
  readonly before?: { readonly lastActivity: number; readonly id: string };
  readonly limit: number;
}

export interface TimelineRow {
  /** Place of its event in the stream. */
  readonly seq: number;
  readonly at: number;
  readonly kind: 'user' | 'agent' | 'tool' | 'model' | 'thought' | 'intent' | 'context';
  /** As a person reads it, at most 1,000 characters. */
  readonly content: string;
  readonly executionId: string | null;
  /** Of a tool, its name and whether it went well; of a model that failed, its name. */
  readonly data: Json;
}

export interface PerformanceQuery {
  readonly projectId: string;
  readonly agent?: string;
  /** Days such as 2026-11-27, both included. */
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

export interface PerformanceRow {
  readonly agent: string;
  /** In UTC. */
  readonly day: string;
  /** Begun on this day. */
  readonly sessions: number;
  /** Of people and the agent. */
  readonly messages: number;
  readonly responses: number;
  readonly modelCalls: number;
  readonly failedModelCalls: number;
  readonly toolCalls: number;
  readonly failedToolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: number;
  /** Of a model call, in milliseconds; null where there was none. */
  readonly averageLatencyMs: number | null;
}

export interface RecallQuery {
  readonly projectId: string;
  /** Words as a person types them. */
  readonly text: string;
  /** Only of this session, or of all sessions of this user. */
  readonly sessionId?: string;
  readonly userId?: string;
  readonly limit: number;
}

export interface Recalled {
  readonly sessionId: string;
  readonly sessionKey: string;
  readonly seq: number;
  readonly at: number;
  readonly kind: TimelineRow['kind'];
  readonly text: string;
}
