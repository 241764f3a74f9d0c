/** A session as the memory store keeps it, with what is made of it. */
import type { Writer } from '../../core/session/events.ts';
import type { SessionDay, SessionSummary, TimelineRow } from '../../ports/sessions.ts';

export interface SessionRecord {
  readonly id: string;
  readonly projectId: string;
  readonly key: string;
  readonly agent: string;
  readonly userId: string | null;
  readonly startedAt: number;
  readonly events: SessionEventRecord[];
  lastActivity: number;
  ended: boolean;
  idleMs: number | null;
  category: string | null;
  tags: readonly string[];
  projectedSeq: number;
  /** What is projected; null: nothing yet. */
  summary: SessionSummary | null;
  timeline: TimelineRow[];
  days: SessionDay[];
  /** Oldest first. */
  readonly snapshots: { readonly seq: number; readonly version: number; readonly state: string }[];
}

export interface SessionEventRecord {
  readonly type: string;
  readonly version: number;
  readonly at: number;
  /** JSON. */
  readonly data: string;
  readonly executionId: string | undefined;
  readonly by: Writer | undefined;
}
