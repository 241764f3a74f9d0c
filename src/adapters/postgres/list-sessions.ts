/**
 * Lists of sessions, the latest activity first. Which index serves a filter best depends on how frequent its values
 * are, so each query is planned with its values: a plan for any values would be a thousand times too slow for some.
 * The indexes are by status, so that those few which differ in it from the rest are found; a list of both is merged.
 */
import type { SessionQuery, SessionSummary } from '../../ports/sessions.ts';
import { toSummary } from './session-rows.ts';
import type { Pool, Sql } from './sql.ts';

export async function listSessions(sql: Pool, query: SessionQuery): Promise<SessionSummary[]> {
  const { status, limit } = query;
  const rows = await sql.begin(async (tx) => {
    const [, found] = await Promise.all([
      tx.unsafe('set local plan_cache_mode = force_custom_plan'),
      status === undefined ? both(tx, query, limit) : ofStatus(tx, query, status),
    ]);
    return found;
  });
  return rows.map(toSummary);
}

function both(sql: Sql, query: SessionQuery, limit: number) {
  return sql`
    (${ofStatus(sql, query, 'active')}) union all (${ofStatus(sql, query, 'ended')})
     order by last_activity desc, session_id desc limit ${limit}`;
}

function ofStatus(sql: Sql, query: SessionQuery, status: SessionSummary['status']) {
  const { projectId, userId, agent, from, category, tags, before, limit } = query;
  // A page begins at its cursor: with a later bound beside it, PostgreSQL may begin there and skip what lies between.
  const to = before !== undefined && query.to !== undefined && before.lastActivity < query.to ? undefined : query.to;
  return sql`
    select * from agent_session_summary
     where project_id = ${projectId} and status = ${status}
       ${userId === undefined ? sql`` : sql`and user_id = ${userId}`}
       ${agent === undefined ? sql`` : sql`and agent = ${agent}`}
       ${category === undefined ? sql`` : sql`and category = ${category}`}
       ${from === undefined ? sql`` : sql`and last_activity >= ${from}`}
       ${to === undefined ? sql`` : sql`and last_activity < ${to}`}
       ${tags === undefined || tags.length === 0 ? sql`` : sql`and tags @> ${tags as string[]}::text[]`}
       ${before === undefined ? sql`` : sql`and (last_activity, session_id) < (${before.lastActivity}, ${before.id}::uuid)`}
     order by last_activity desc, session_id desc
     limit ${limit}`;
}
