/**
 * Lists of sessions, the latest activity first. Which index serves a filter best depends on how frequent its values
 * are, so each query is planned with its values: a plan for any values would be a thousand times too slow for some.
 */
import type { SessionQuery, SessionSummary } from '../../ports/sessions.ts';
import { toSummary } from './session-rows.ts';
import type { Pool, Sql } from './sql.ts';

export async function listSessions(sql: Pool, query: SessionQuery): Promise<SessionSummary[]> {
  const rows = await sql.begin(async (tx) => {
    const [, found] = await Promise.all([
      tx.unsafe('set local plan_cache_mode = force_custom_plan'),
      select(tx, query),
    ]);
    return found;
  });
  return rows.map(toSummary);
}

function select(sql: Sql, { projectId, userId, agent, status, from, to, category, tags, before, limit }: SessionQuery) {
  return sql`
    select * from agent_session_summary
     where project_id = ${projectId}
       ${userId === undefined ? sql`` : sql`and user_id = ${userId}`}
       ${agent === undefined ? sql`` : sql`and agent = ${agent}`}
       ${status === undefined ? sql`` : sql`and status = ${status}`}
       ${category === undefined ? sql`` : sql`and category = ${category}`}
       ${from === undefined ? sql`` : sql`and last_activity >= ${from}`}
       ${to === undefined ? sql`` : sql`and last_activity < ${to}`}
       ${tags === undefined || tags.length === 0 ? sql`` : sql`and tags @> ${tags as string[]}::text[]`}
       ${before === undefined ? sql`` : sql`and (last_activity, session_id) < (${before.lastActivity}, ${before.id}::uuid)`}
     order by last_activity desc, session_id desc
     limit ${limit}`;
}
