/** Sessions: appends of a caller, and what is read. Projecting has files of its own. */
import { MyelinError } from '../../core/errors.ts';
import { reviveState, type SessionState, STATE_VERSION } from '../../core/session/state.ts';
import type {
  PerformanceQuery,
  PerformanceRow,
  SessionAppend,
  SessionStore,
  SessionSummary,
  StoredSessionEvent,
  TimelineRow,
} from '../../ports/sessions.ts';
import { appendSessions } from './append-sessions.ts';
import { brokenUnique, guarded } from './failures.ts';
import { listSessions } from './list-sessions.ts';
import { listWays } from './list-ways.ts';
import { projectSessions } from './project-sessions.ts';
import { rebuildProjection } from './rebuild-projection.ts';
import { recall } from './recall.ts';
import { idleSessions, removeEndedSessions, removeSession } from './session-ends.ts';
import { blankSummary, toEvent, toSummary, toTimelineRow } from './session-rows.ts';
import type { Pool, Sql } from './sql.ts';
import { notify } from './wake.ts';

export function sessionStore(sql: Pool): SessionStore {
  const wayTo = listWays(sql);
  return {
    append: (projectId, append, expectedSeq) => guarded(() => appendTo(sql, projectId, append, expectedSeq)),
    events: (projectId, id, after, limit) => guarded(() => readSessionEvents(sql, projectId, id, after, limit)),
    snapshot: (projectId, id, seq) => guarded(() => readSnapshot(sql, projectId, id, seq)),
    get: (projectId, idOrKey) => guarded(() => getSession(sql, projectId, idOrKey)),
    list: (query) => guarded(() => listSessions(sql, query, wayTo)),
    timeline: (projectId, id, after, limit) => guarded(() => readTimeline(sql, projectId, id, after, limit)),
    performance: (query) => guarded(() => readPerformance(sql, query)),
    project: (limit, folds) => guarded(() => projectSessions(sql, limit, folds)),
    rebuild: (projectId, projection, folds, progress, signal) =>
      guarded(() => rebuildProjection(sql, { projectId, projection, folds, progress, signal })),
    idle: (now, idleMs, limit) => guarded(() => idleSessions(sql, now, idleMs, limit)),
    remove: (projectId, id) => guarded(() => removeSession(sql, projectId, id)),
    removeEnded: (before, limit) => guarded(() => removeEndedSessions(sql, before, limit)),
    active: () => guarded(() => activeSessions(sql)),
    recall: (query) => guarded(() => recall(sql, query)),
  };
}

/**
 * Of two who begin a session with the same id at once, one may hear that the id is taken: PostgreSQL looks for the key
 * first, but writes the id first. The other has committed then, so a second look finds what it wrote.
 */
async function appendTo(
  sql: Pool,
  ...[projectId, append, expectedSeq]: Parameters<SessionStore['append']>
): Promise<{ id: string; seq: number }> {
  const once = () => sql.begin((tx) => appendAfter(tx, projectId, append, expectedSeq));
  try {
    return await once();
  } catch (error) {
    if (brokenUnique(error) !== 'sessions_pkey') throw error;
    return await once();
  }
}

/** The lock on the head stands until the events are written; of two who begin a session, one finds that it is there. */
async function appendAfter(
  tx: Sql,
  projectId: string,
  append: SessionAppend,
  expectedSeq: number,
): Promise<{ id: string; seq: number }> {
  const { key } = append.start.data;
  const [before] = await tx`
    select id, seq, ended from sessions where project_id = ${projectId} and key = ${key} for update`;
  if (before === undefined && expectedSeq > 0)
    throw new MyelinError('session_not_found', `There is no session ${key}.`);
  if (before?.ended) throw new MyelinError('session_ended', `The session ${key} has ended.`);
  if (before !== undefined && before.seq !== expectedSeq) throw conflict(key, before.seq, expectedSeq);
  const [[head]] = await Promise.all([appendSessions(tx, [{ projectId, append }]), notify(tx, 'sessions')]);
  const { id, seq, fresh } = head!;
  if (expectedSeq === 0 && !fresh) throw conflict(key, seq - append.events.length, 0);
  return { id, seq };
}

function conflict(key: string, seq: number, expected: number): MyelinError {
  const message =
    expected === 0
      ? `The session ${key} exists already; its last event has the number ${seq}.`
      : `The session ${key} has the number ${seq} by now, not ${expected}.`;
  return new MyelinError('session_conflict', message, { seq });
}

async function readSessionEvents(
  sql: Sql,
  projectId: string,
  id: string,
  after: number,
  limit: number,
): Promise<StoredSessionEvent[]> {
  const rows = await sql`
    select e.seq, e.type, e.version, e.at, e.data, b.data as spilled
      from events e left join blobs b on b.hash = e.blob and b.project_id = e.project_id
     where e.stream_id = ${id} and e.project_id = ${projectId} and e.seq > ${after}
     order by e.seq
     limit ${limit}`;
  return rows.map(toEvent);
}

async function readSnapshot(sql: Sql, projectId: string, id: string, seq: number): Promise<SessionState | undefined> {
  const [row] = await sql`
    select state from snapshots
     where stream_id = ${id} and project_id = ${projectId} and version = ${STATE_VERSION} and seq <= ${seq}
     order by seq desc limit 1`;
  return row && reviveState(row.state as SessionState);
}

async function getSession(sql: Sql, projectId: string, idOrKey: string): Promise<SessionSummary | undefined> {
  const [row] = await sql`
    select to_json(s) as head, to_json(m) as summary
      from sessions s left join agent_session_summary m on m.session_id = s.id
     where s.project_id = ${projectId} and (s.id = ${uuidOrNull(idOrKey)} or s.key = ${idOrKey})
     order by s.id = ${uuidOrNull(idOrKey)} desc nulls last
     limit 1`;
  if (row === undefined) return undefined;
  const { head, summary } = row;
  const known = summary === null ? blankSummary(head) : toSummary(summary);
  const lastActivity = Math.max(known.lastActivity, head.last_activity);
  return { ...known, seq: head.seq, lastActivity, status: head.ended ? 'ended' : 'active' };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const uuidOrNull = (text: string): string | null => (UUID.test(text) ? text : null);

async function readTimeline(
  sql: Sql,
  projectId: string,
  id: string,
  after: number,
  limit: number,
): Promise<TimelineRow[]> {
  const rows = await sql`
    select seq, at, kind, content, execution_id, data from message_timeline
     where session_id = ${id} and project_id = ${projectId} and seq > ${after}
     order by seq limit ${limit}`;
  return rows.map(toTimelineRow);
}

async function readPerformance(
  sql: Sql,
  { projectId, agent, from, to, limit }: PerformanceQuery,
): Promise<PerformanceRow[]> {
  const rows = await sql`
    select *, to_char(day, 'YYYY-MM-DD') as day from agent_performance_daily
     where project_id = ${projectId}
       ${agent === undefined ? sql`` : sql`and agent = ${agent}`}
       ${from === undefined ? sql`` : sql`and day >= ${from}::date`}
       ${to === undefined ? sql`` : sql`and day <= ${to}::date`}
     order by agent_performance_daily.day desc, agent
     limit ${limit}`;
  return rows.map((row) => ({
    agent: row.agent,
    day: row.day,
    sessions: row.sessions,
    messages: row.messages,
    responses: row.responses,
    modelCalls: row.model_calls,
    failedModelCalls: row.failed_model_calls,
    toolCalls: row.tool_calls,
    failedToolCalls: row.failed_tool_calls,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cost: row.cost,
    averageLatencyMs: row.model_calls === 0 ? null : row.latency_ms / row.model_calls,
  }));
}

async function activeSessions(sql: Sql): Promise<{ agent: string; sessions: number }[]> {
  const rows = await sql`
    select agent, count(*)::int as sessions from agent_session_summary
     where status = 'active' group by agent order by sessions desc, agent limit 100`;
  return rows.map((row) => ({ agent: row.agent, sessions: row.sessions }));
}
