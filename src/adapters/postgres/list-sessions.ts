/**
 * Lists of sessions, the latest activity first. Which sessions are on a page is read from one index alone, the rows of
 * the page are read after it. Which index serves a filter best depends on how frequent its values are, so each query is
 * planned with its values: a plan for any values would be a thousand times too slow for some. The indexes are by
 * status, so that those few which differ in it from the rest are found; a list of both is merged.
 */
import type { SessionQuery, SessionSummary } from '../../ports/sessions.ts';
import { toSummary } from './session-rows.ts';
import type { Pool, Sql } from './sql.ts';

export async function listSessions(sql: Pool, query: SessionQuery): Promise<SessionSummary[]> {
  const { status, limit } = query;
  const rows = await sql.begin(async (tx) => {
    const tag = await guide(tx, query);
    const planned = tx.unsafe('set local plan_cache_mode = force_custom_plan');
    const of = (one: SessionSummary['status']) => ofStatus(tx, query, one, tag);
    const page =
      status === undefined
        ? tx`(${of('active')}) union all (${of('ended')}) order by last_activity desc, session_id desc limit ${limit}`
        : of(status);
    const found = tx`
      select m.* from (${page}) t join agent_session_summary m using (session_id)
       order by t.last_activity desc, t.session_id desc`;
    return (await Promise.all([planned, found]))[1];
  });
  return rows.map(toSummary);
}

/**
 * The tag whose sessions are looked through: the rarest, by the statistics of the table, of all projects; a tag that
 * they do not name is rare. Those of a user are fewer.
 */
async function guide(sql: Sql, { userId, tags = [] }: SessionQuery): Promise<string | undefined> {
  if (userId !== undefined) return undefined;
  if (tags.length <= 1) return tags[0];
  const [row] = await sql`
    select tag
      from unnest(${tags as string[]}::text[]) tag
      left join (select unnest(most_common_vals::text::text[]) as tag, unnest(most_common_freqs) as share
                   from pg_stats
                  where schemaname = current_schema and tablename = 'agent_session_tags' and attname = 'tag') s using (tag)
     order by coalesce(s.share, 0) limit 1`;
  return row?.tag;
}

function ofStatus(sql: Sql, query: SessionQuery, status: SessionSummary['status'], tag: string | undefined) {
  const { projectId, userId, agent, category, tags = [], limit } = query;
  const others = tags.filter((one) => one !== tag);
  return sql`
    select session_id, last_activity
      from ${tag === undefined ? sql`agent_session_summary` : sql`agent_session_tags`} s
     where project_id = ${projectId} and status = ${status}
       ${tag === undefined ? sql`` : sql`and tag = ${tag}`}
       ${userId === undefined ? sql`` : sql`and user_id = ${userId}`}
       ${agent === undefined ? sql`` : sql`and agent = ${agent}`}
       ${category === undefined ? sql`` : sql`and category = ${category}`}
       ${others.length === 0 ? sql`` : hasAll(sql, others)}
       ${between(sql, query)}
     order by last_activity desc, session_id desc
     limit ${limit}`;
}

/** Where the tags are too long for the index, the row is read. */
const hasAll = (sql: Sql, tags: readonly string[]) => sql`
  and coalesce(listed_tags, (select tags from agent_session_summary o where o.session_id = s.session_id))
      @> ${tags as string[]}::text[]`;

function between(sql: Sql, { from, to, before }: SessionQuery) {
  // A page begins at its cursor: with a later bound beside it, PostgreSQL may begin there and skip what lies between.
  const until = before !== undefined && to !== undefined && before.lastActivity < to ? undefined : to;
  return sql`
    ${from === undefined ? sql`` : sql`and last_activity >= ${from}`}
    ${until === undefined ? sql`` : sql`and last_activity < ${until}`}
    ${before === undefined ? sql`` : sql`and (last_activity, session_id) < (${before.lastActivity}, ${before.id}::uuid)`}`;
}
