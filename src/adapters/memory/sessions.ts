/** Sessions: appends of a caller, and what is read. Writing and projecting have files of their own. */
import { MyelinError } from '../../core/errors.ts';
import { reviveState, type SessionState, STATE_VERSION } from '../../core/session/state.ts';
import {
  DAY_COUNTS,
  type DayCounts,
  type PerformanceQuery,
  type PerformanceRow,
  type Recalled,
  type RecallQuery,
  type SessionAppend,
  type SessionPlace,
  type SessionQuery,
  type SessionStore,
  type SessionSummary,
} from '../../ports/sessions.ts';
import { appendToSession, blankSummary, eventsOf } from './append-sessions.ts';
import { type Database, wake } from './database.ts';
import { projectSessions, rebuildProjection } from './project-sessions.ts';
import type { SessionRecord } from './session-record.ts';

export function sessionStore(database: Database): SessionStore {
  const of = (projectId: string, id: string): SessionRecord | undefined => {
    const session = database.sessions.get(id);
    return session?.projectId === projectId ? session : undefined;
  };
  return {
    append: async (projectId, append, expectedSeq) => appendAfter(database, projectId, append, expectedSeq),
    events: async (projectId, id, after, limit) => {
      const session = of(projectId, id);
      return session === undefined ? [] : eventsOf(session, after, after + limit);
    },
    snapshot: async (projectId, id, seq) => {
      const found = of(projectId, id)?.snapshots.findLast((one) => one.seq <= seq && one.version === STATE_VERSION);
      return found && reviveState(JSON.parse(found.state) as SessionState);
    },
    get: async (projectId, idOrKey) => {
      const session = of(projectId, idOrKey.toLowerCase()) ?? byKey(database, projectId, idOrKey);
      return session && present(session);
    },
    list: async (query) => list(database, query),
    timeline: async (projectId, id, after, limit) =>
      (of(projectId, id)?.timeline ?? []).filter(({ seq }) => seq > after).slice(0, limit),
    performance: async (query) => performance(database, query),
    project: async (limit, folds) => projectSessions(database, limit, folds),
    rebuild: async (projectId, projection, folds, progress, signal) =>
      rebuildProjection(database, { projectId, projection, folds, progress, signal }),
    idle: async (now, idleMs, limit) => {
      const isIdle = (one: SessionRecord) =>
        one.lastActivity < now - (one.idleMs ?? idleMs ?? Number.POSITIVE_INFINITY);
      const found = [...database.sessions.values()].filter((one) => isProjected(one) && !one.ended && isIdle(one));
      return found.slice(0, limit).map(({ projectId, id, events }) => ({ projectId, id, seq: events.length }));
    },
    remove: async (projectId, id) => {
      const session = of(projectId, id);
      if (session !== undefined) remove(database, session);
      return session !== undefined;
    },
    removeEnded: async (before, limit) => {
      const isOld = (one: SessionRecord) => isProjected(one) && one.ended && one.lastActivity < before;
      const old = [...database.sessions.values()].filter(isOld).slice(0, limit);
      for (const one of old) remove(database, one);
      return placesOf(old, limit);
    },
    active: async () => active(database),
    recall: async (query) => recall(database, query),
  };
}

const isProjected = ({ projectedSeq, events }: SessionRecord): boolean => projectedSeq === events.length;
const placesOf = (found: readonly SessionRecord[], limit: number): SessionPlace[] =>
  found.slice(0, limit).map(({ projectId, id }) => ({ projectId, id }));

function remove(database: Database, session: SessionRecord): void {
  database.sessions.delete(session.id);
  database.sessionIds.delete(`${session.projectId} ${session.key}`);
  const { projectId, summary, days } = session;
  database.pastDays.push({ projectId, summary, days });
}

function byKey({ sessions, sessionIds }: Database, projectId: string, key: string): SessionRecord | undefined {
  return sessions.get(sessionIds.get(`${projectId} ${key}`) ?? '');
}

function appendAfter(
  database: Database,
  projectId: string,
  append: SessionAppend,
  expectedSeq: number,
): { id: string; seq: number } {
  const { key } = append.start.data;
  const before = byKey(database, projectId, key);
  if (before === undefined && expectedSeq > 0)
    throw new MyelinError('session_not_found', `There is no session ${key}.`);
  if (before?.ended) throw new MyelinError('session_ended', `The session ${key} has ended.`);
  if (before !== undefined && before.events.length !== expectedSeq) {
    const seq = before.events.length;
    const message =
      expectedSeq === 0
        ? `The session ${key} exists already; its last event has the number ${seq}.`
        : `The session ${key} has the number ${seq} by now, not ${expectedSeq}.`;
    throw new MyelinError('session_conflict', message, { seq });
  }
  const { id, events } = appendToSession(database, projectId, append);
  wake(database, 'sessions');
  return { id, seq: events.length };
}

function present(session: SessionRecord): SessionSummary {
  const known = session.summary ?? blankSummary(session);
  const lastActivity = Math.max(known.lastActivity, session.lastActivity);
  return { ...known, seq: session.events.length, lastActivity, status: session.ended ? 'ended' : 'active' };
}

const projected = ({ sessions }: Database): SessionSummary[] =>
  [...sessions.values()].flatMap((one) => one.summary ?? []);

function list(database: Database, query: SessionQuery): SessionSummary[] {
  const { projectId, userId, agent, status, from, to, category, tags = [], before, limit } = query;
  return projected(database)
    .filter(
      (one) =>
        one.projectId === projectId &&
        (userId === undefined || one.userId === userId) &&
        (agent === undefined || one.agent === agent) &&
        (status === undefined || one.status === status) &&
        (category === undefined || one.category === category) &&
        (from === undefined || one.lastActivity >= from) &&
        (to === undefined || one.lastActivity < to) &&
        tags.every((tag) => one.tags.includes(tag)) &&
        (before === undefined || latestFirst(before, one) < 0),
    )
    .sort(latestFirst)
    .slice(0, limit);
}

type Place = Pick<SessionSummary, 'lastActivity' | 'id'>;

const latestFirst = (a: Place, b: Place): number =>
  b.lastActivity - a.lastActivity || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

function active(database: Database): { agent: string; sessions: number }[] {
  const counts = new Map<string, number>();
  for (const { agent, status } of projected(database)) {
    if (status === 'active') counts.set(agent, (counts.get(agent) ?? 0) + 1);
  }
  return [...counts]
    .map(([agent, sessions]) => ({ agent, sessions }))
    .sort((a, b) => b.sessions - a.sessions)
    .slice(0, 100);
}

function performance(database: Database, { projectId, agent, from, to, limit }: PerformanceQuery): PerformanceRow[] {
  const rows = new Map<string, { agent: string; day: string; counts: Record<keyof DayCounts, number> }>();
  for (const session of [...database.sessions.values(), ...database.pastDays]) {
    if (session.projectId !== projectId || session.summary === null) continue;
    for (const { day, counts } of session.days) {
      const place = `${day} ${session.summary.agent}`;
      const row = rows.get(place) ?? { agent: session.summary.agent, day, counts: { ...ZERO } };
      for (const name of DAY_COUNTS) row.counts[name] += counts[name];
      rows.set(place, row);
    }
  }
  return [...rows.values()]
    .filter(
      (row) =>
        (agent === undefined || row.agent === agent) &&
        (from === undefined || row.day >= from) &&
        (to === undefined || row.day <= to),
    )
    .sort((a, b) => compare(b.day, a.day) || compare(a.agent, b.agent))
    .slice(0, limit)
    .map(({ counts: { latencyMs, ...counts }, ...row }) => ({
      ...row,
      ...counts,
      averageLatencyMs: counts.modelCalls === 0 ? null : latencyMs / counts.modelCalls,
    }));
}

const ZERO = Object.fromEntries(DAY_COUNTS.map((name) => [name, 0])) as Record<keyof DayCounts, number>;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const RECALLED = ['user', 'agent', 'context'];

/** Lines that have every word; those first that have them most often. */
function recall(database: Database, { projectId, text, sessionId, userId, limit }: RecallQuery): Recalled[] {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  return [...database.sessions.values()]
    .filter(
      ({ id, projectId: project, summary }) =>
        project === projectId &&
        (sessionId === undefined || id === sessionId) &&
        (userId === undefined || summary?.userId === userId),
    )
    .flatMap(({ id, key, timeline }) =>
      timeline.map((line) => ({ ...line, sessionId: id, sessionKey: key, words: wordsOf(line.content) })),
    )
    .filter((line) => RECALLED.includes(line.kind) && words.every((word) => line.words.includes(word)))
    .map((line) => ({ ...line, rank: line.words.filter((word) => words.includes(word)).length }))
    .sort((a, b) => b.rank - a.rank || b.at - a.at || b.seq - a.seq)
    .slice(0, limit)
    .map(({ sessionId: session, sessionKey, seq, at, kind, content: found }) => {
      return { sessionId: session, sessionKey, seq, at, kind, text: found };
    });
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
