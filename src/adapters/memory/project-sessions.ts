/** Events of sessions become rows: the new ones of each, or all of them where a projection is made anew. */
import { evolve } from '../../core/session/evolve.ts';
import { newState, reviveState, type SessionState, SNAPSHOT_EVERY, STATE_VERSION } from '../../core/session/state.ts';
import {
  DAY_COUNTS,
  type DayCounts,
  type ProjectionName,
  type SessionDay,
  type SessionFolds,
  type StoredSessionEvent,
} from '../../ports/sessions.ts';
import { blankSummary, eventsOf } from './append-sessions.ts';
import type { Database } from './database.ts';
import type { SessionRecord } from './session-record.ts';

export function projectSessions({ sessions }: Database, limit: number, folds: SessionFolds): string[] {
  const waiting = [...sessions.values()].filter((one) => one.projectedSeq < one.events.length).slice(0, limit);
  const faults: unknown[] = [];
  for (const session of waiting) {
    try {
      project(session, folds);
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
  return waiting.map(({ projectId }) => projectId);
}

function project(session: SessionRecord, folds: SessionFolds): void {
  const { category, tags } = session;
  const fresh = eventsOf(session, session.projectedSeq, session.events.length);
  session.summary = { ...folds.summary(session.summary ?? blankSummary(session), fresh), category, tags };
  session.timeline.push(...fresh.flatMap((event) => folds.timeline(event) ?? []));
  session.days = addDays(session.days, folds.days(fresh));
  addSnapshots(session, fresh);
  session.projectedSeq = session.events.length;
}

function addSnapshots(session: SessionRecord, fresh: readonly StoredSessionEvent[]): void {
  const due = fresh.findLast(({ seq }) => seq % SNAPSHOT_EVERY === 0);
  if (due === undefined) return;
  const last = session.snapshots.at(-1);
  let state = last === undefined ? newState() : reviveState(JSON.parse(last.state) as SessionState);
  for (const event of eventsOf(session, state.seq, due.seq)) {
    state = evolve(state, event);
    if (event.seq % SNAPSHOT_EVERY !== 0) continue;
    session.snapshots.push({ seq: event.seq, version: STATE_VERSION, state: JSON.stringify(state) });
  }
}

function addDays(before: readonly SessionDay[], added: readonly SessionDay[]): SessionDay[] {
  const days = new Map(before.map(({ day, counts }) => [day, counts]));
  for (const { day, counts } of added) days.set(day, sum(days.get(day), counts));
  return [...days].map(([day, counts]) => ({ day, counts }));
}

function sum(a: DayCounts | undefined, b: DayCounts): DayCounts {
  return Object.fromEntries(DAY_COUNTS.map((name) => [name, (a?.[name] ?? 0) + b[name]])) as DayCounts;
}

interface Rebuild {
  readonly projectId: string;
  readonly projection: ProjectionName;
  readonly folds: SessionFolds;
  readonly progress: (done: number, of: number) => void;
  readonly signal: AbortSignal | undefined;
}

export function rebuildProjection({ sessions }: Database, rebuild: Rebuild): void {
  const { projectId, projection, folds, progress, signal } = rebuild;
  const mine = [...sessions.values()].filter((one) => one.projectId === projectId);
  progress(0, mine.length);
  for (const [index, session] of mine.entries()) {
    if (signal?.aborted) return;
    if (session.projectedSeq > 0) REPLACE[projection](session, eventsOf(session, 0, session.projectedSeq), folds);
    progress(index + 1, mine.length);
  }
}

type Replace = (session: SessionRecord, events: readonly StoredSessionEvent[], folds: SessionFolds) => void;

const REPLACE: { readonly [P in ProjectionName]: Replace } = {
  agent_session_summary: (session, events, folds) => {
    const { category, tags } = session;
    session.summary = { ...folds.summary(blankSummary(session), events), category, tags };
  },
  message_timeline: (session, events, folds) => {
    session.timeline = events.flatMap((event) => folds.timeline(event) ?? []);
  },
  agent_performance_daily: (session, events, folds) => {
    session.days = addDays([], folds.days(events));
  },
};
