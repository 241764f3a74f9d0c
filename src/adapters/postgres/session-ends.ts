/** Sessions that nobody goes on with: those that should end, and those that are removed, with all that was said in them. */
import type { IdleSession, SessionPlace } from '../../ports/sessions.ts';
import { array } from './columns.ts';
import { removeStreams } from './remove-streams.ts';
import type { Pool, Sql } from './sql.ts';

/** Projects that have sessions, one look into an index for each. */
const PROJECTS = `
  with recursive p (id) as (
    (select project_id from agent_session_summary order by project_id limit 1)
    union all
    select (select m.project_id from agent_session_summary m where m.project_id > p.id order by m.project_id limit 1)
      from p where p.id is not null)`;

export async function idleSessions(
  sql: Sql,
  now: number,
  idleMs: number | null,
  limit: number,
): Promise<IdleSession[]> {
  const rows = await sql.unsafe(
    `${PROJECTS}
     select s.id, s.project_id, s.seq
       from ((select m.session_id from p cross join lateral (
                select session_id from agent_session_summary m
                 where m.project_id = p.id and m.status = 'active' and m.last_activity < $1::bigint - $2::bigint
                   and not exists (select from sessions o where o.id = m.session_id and o.idle_ms is not null)
                 order by m.last_activity limit $3) m
               where $2::bigint is not null)
             union all
             (select id from sessions
               where idle_ms is not null and not ended and last_activity < $1::bigint - idle_ms limit $3)) f (id)
       join sessions s on s.id = f.id
      where not s.ended and s.last_activity < $1::bigint - coalesce(s.idle_ms, $2::bigint)
      limit $3`,
    [now, idleMs, limit],
  );
  return rows.map(({ id, project_id: projectId, seq }) => ({ id, projectId, seq }));
}

/** The figures of their agents stay: `agent_performance_parts` has nothing that was said. */
const THEIRS = [
  ...['agent_session_summary', 'agent_session_tags', 'agent_session_terms', 'message_timeline'].map(
    (table) => [table, 'session_id'] as const,
  ),
  ['snapshots', 'stream_id'],
] as const;

export async function removeSession(sql: Pool, projectId: string, id: string): Promise<boolean> {
  return await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended(${id}, 0))`;
    const rows = await tx`delete from sessions where id = ${id} and project_id = ${projectId} returning id`;
    if (rows.length > 0) await removeAll(tx, [id]);
    return rows.length > 0;
  });
}

/** Sessions that are being projected are left to the next time. */
export async function removeEndedSessions(sql: Pool, before: number, limit: number): Promise<SessionPlace[]> {
  return await sql.begin(async (tx) => {
    const rows = await tx.unsafe(
      `${PROJECTS},
       old as materialized (
         select m.session_id from p cross join lateral (
           select session_id from agent_session_summary m
            where m.project_id = p.id and m.status = 'ended' and m.last_activity < $1
            order by m.last_activity limit $2) m
          limit $2),
       mine as materialized (
         select session_id from old where pg_try_advisory_xact_lock(hashtextextended(session_id::text, 0)))
       delete from sessions s using mine
        where s.id = mine.session_id and s.ended and s.last_activity < $1 and s.projected_seq = s.seq
       returning s.id, s.project_id`,
      [before, limit],
    );
    const gone = rows.map((row) => row.id as string);
    if (gone.length > 0) await removeAll(tx, gone);
    return rows.map(({ id, project_id: projectId }) => ({ id, projectId }));
  });
}

async function removeAll(tx: Sql, ids: readonly string[]): Promise<void> {
  await Promise.all([
    removeStreams(tx, [...ids].sort()),
    ...THEIRS.map(([table, id]) => tx.unsafe(`delete from ${table} where ${id} = any($1::uuid[])`, [array([...ids])])),
  ]);
}
