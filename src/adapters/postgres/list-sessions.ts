/**
 * Lists of sessions, the latest activity first. Which index serves a filter best depends on how frequent its values
 * are, so each query is planned with its values: a plan for any values would be a thousand times too slow for some.
 * The indexes are by status, so that those few which differ in it from the rest are found; a list of both is merged.
 */
import type { SessionQuery, SessionSummary } from '../../ports/sessions.ts';
import { toSummary } from './session-rows.ts';
import type { Pool, Sql } from './sql.ts';

export async function listSessions(sql: Pool, query: SessionQuery): Promise<SessionSummary[]> {
  const { status, limit, tags = [] } = query;
  const rows = await sql.begin(async (tx) => {
    const planned = tx.unsafe('set local plan_cache_mode = force_custom_plan');
    const tag = tags.length === 0 ? undefined : await guide(tx, query, tags);
    const of = (one: SessionSummary['status']) =>
      tag === undefined ? ofStatus(tx, query, one) : ofTag(tx, query, one, tag);
    const found =
      status === undefined
        ? tx`(${of('active')}) union all (${of('ended')}) order by last_activity desc, session_id desc limit ${limit}`
        : of(status);
    return (await Promise.all([planned, found]))[1];
  });
  return rows.map(toSummary);
}

/** Above this share a tag says less of a session than its agent and category together. */
const COMMON = 0.05;

/**
 * The rarest tag, where its sessions are the fewest to look through: those of a user are fewer. It goes by the
 * statistics of the table, of all projects; a tag that they do not name is rare.
 */
async function guide(tx: Sql, query: SessionQuery, tags: readonly string[]): Promise<string | undefined> {
  if (query.userId !== undefined) return undefined;
  const isNarrow = query.agent !== undefined && query.category !== undefined;
  if (tags.length === 1 && !isNarrow) return tags[0];
  const [row] = await tx`
    select tag, coalesce(s.share, 0) as share
      from unnest(${tags as string[]}::text[]) tag
      left join (select unnest(most_common_vals::text::text[]) as tag, unnest(most_common_freqs) as share
                   from pg_stats
                  where schemaname = current_schema and tablename = 'agent_session_tags' and attname = 'tag') s using (tag)
     order by share limit 1`;
  return isNarrow && row?.share > COMMON ? undefined : row?.tag;
}

function ofStatus(sql: Sql, query: SessionQuery, status: SessionSummary['status']) {
  const { projectId, userId, agent, category, tags = [], limit } = query;
  return sql`
    select * from agent_session_summary
     where project_id = ${projectId} and status = ${status}
       ${userId === undefined ? sql`` : sql`and user_id = ${userId}`}
       ${agent === undefined ? sql`` : sql`and agent = ${agent}`}
       ${category === undefined ? sql`` : sql`and category = ${category}`}
       ${tags.length === 0 ? sql`` : sql`and tags @> ${tags as string[]}::text[]`}
       ${between(sql, query)}
     order by last_activity desc, session_id desc
     limit ${limit}`;
}

/** Those of a tag, in their order; all but the rows that are answered is read from indexes. */
function ofTag(sql: Sql, query: SessionQuery, status: SessionSummary['status'], tag: string) {
  const { projectId, agent, category, tags = [], limit } = query;
  const rest = tags.filter((one) => one !== tag).map((one) => hasTag(sql, projectId, status, one));
  return sql`
    select m.*
      from (select session_id, last_activity from agent_session_tags t
             where project_id = ${projectId} and tag = ${tag} and status = ${status}
               ${agent === undefined ? sql`` : sql`and agent = ${agent}`}
               ${category === undefined ? sql`` : sql`and category = ${category}`}
               ${between(sql, query)}
               ${rest.reduce((before, one) => sql`${before} ${one}`, sql``)}
             order by last_activity desc, session_id desc
             limit ${limit}) t
      join agent_session_summary m using (session_id)
     order by t.last_activity desc, t.session_id desc`;
}

const hasTag = (sql: Sql, projectId: string, status: SessionSummary['status'], tag: string) => sql`
  and exists (select 1 from agent_session_tags o
               where o.session_id = t.session_id and o.project_id = ${projectId} and o.status = ${status} and o.tag = ${tag})`;

function between(sql: Sql, { from, to, before }: SessionQuery) {
  // A page begins at its cursor: with a later bound beside it, PostgreSQL may begin there and skip what lies between.
  const until = before !== undefined && to !== undefined && before.lastActivity < to ? undefined : to;
  return sql`
    ${from === undefined ? sql`` : sql`and last_activity >= ${from}`}
    ${until === undefined ? sql`` : sql`and last_activity < ${until}`}
    ${before === undefined ? sql`` : sql`and (last_activity, session_id) < (${before.lastActivity}, ${before.id}::uuid)`}`;
}
