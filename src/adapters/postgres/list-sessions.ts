/**
 * Lists of sessions, the latest activity first. Which sessions are on a page is read from one index alone, the rows of
 * the page are read after it. Which index serves a filter best depends on how frequent its values are, so each query is
 * planned with its values: a plan for any values would be a thousand times too slow for some. The indexes are by
 * status, so that those few which differ in it from the rest are found; a list of both is merged.
 *
 * Where no index has just those that fit, as with two tags, one is walked so far: if many fit, the page is soon full.
 * If few do, they are found by their terms (session-terms.ts) and sorted. Which comes first says list-ways.ts.
 */
import type { SessionQuery, SessionSummary } from '../../ports/sessions.ts';
import { array } from './columns.ts';
import { isWalked, type ListWay } from './list-ways.ts';
import { toSummary } from './session-rows.ts';
import { fitsQuery, termsToFind } from './session-terms.ts';
import type { Pool, Sql } from './sql.ts';

type Status = SessionSummary['status'];

const ALL = Number.POSITIVE_INFINITY;

export async function listSessions(
  sql: Pool,
  query: SessionQuery,
  wayTo: (query: SessionQuery) => Promise<ListWay>,
): Promise<SessionSummary[]> {
  const way = isMixed(query) ? await wayTo(query) : { tag: query.tags?.[0], reach: ALL };
  return await sql.begin(async (tx) => {
    if (way.reach !== ALL) {
      const near = await nearPage(tx, query, way);
      if (near !== undefined) return near;
      const page = await pageByTerms(tx, query);
      // Terms are hashes: where two are the same by chance, none is taken at its word.
      if (page.every((one) => fitsQuery(query, one))) return page;
    }
    return await wholePage(tx, query, way.tag);
  });
}

/** Filtered by more than what an index has in order. */
function isMixed({ userId, agent, category, tags = [] }: SessionQuery): boolean {
  const guided = userId === undefined ? tags.length : tags.length + 1;
  return guided > 1 || (guided === 1 && (agent !== undefined || category !== undefined));
}

/** However many are walked past. */
async function wholePage(tx: Sql, query: SessionQuery, tag: string | undefined): Promise<SessionSummary[]> {
  const { limit } = query;
  const of = (status: Status) => tx`
    select session_id, last_activity ${entry(tx, query, status, tag)} ${matching(tx, query, tag)}
     order by last_activity desc, session_id desc
     limit ${limit}`;
  return await planned(tx, tx`${ofStatuses(tx, query, of)} limit ${limit}`);
}

/**
 * Undefined: the page is not full, and more may fit beyond the reach. What share fits up to there says how much farther
 * the end of the page is likely to be.
 */
async function nearPage(tx: Sql, query: SessionQuery, way: ListWay): Promise<SessionSummary[] | undefined> {
  const { tag, reach, of: all } = way;
  if (reach === 0) return undefined;
  const { limit } = query;
  const of = (status: Status) => tx`
    select session_id, last_activity, agent, category, listed_tags ${entry(tx, query, status, tag)}
     order by last_activity desc, session_id desc`;
  const page = await planned(
    tx,
    tx`
    select session_id, last_activity from (${ofStatuses(tx, query, of)} limit ${reach}) s
     where true ${matching(tx, query, tag)}
     order by last_activity desc, session_id desc
     limit ${limit}`,
  );
  if (page.length === limit) return page;
  const [beyond] = await tx`select from (${ofStatuses(tx, query, of)} offset ${reach} limit 1) s`;
  if (beyond === undefined) return page;
  // By luck more may fit here than elsewhere.
  const share = (page.length - Math.sqrt(page.length)) / reach;
  if (!isWalked(limit, share, all)) return undefined;
  return await nearPage(tx, query, { ...way, reach: Math.ceil((limit * 1.5) / share) });
}

async function planned(tx: Sql, page: ReturnType<Sql>): Promise<SessionSummary[]> {
  const setting = tx.unsafe('set local plan_cache_mode = force_custom_plan');
  const found = tx`
    select m.* from (${page}) t join agent_session_summary m using (session_id)
     order by t.last_activity desc, t.session_id desc`;
  return (await Promise.all([setting, found]))[1].map(toSummary);
}

async function pageByTerms(tx: Sql, query: SessionQuery): Promise<SessionSummary[]> {
  const { projectId, status, limit } = query;
  const [terms, others] = termsToFind(query).map(array);
  // Without statistics, or with few sessions, the table would be read whole.
  const planned = tx.unsafe('set local enable_seqscan = off');
  const found = tx`
    select m.*
      from (select session_id, last_activity from agent_session_terms
             where project_id = ${projectId}
               and (terms @> ${terms}::bigint[] ${others === undefined ? tx`` : tx`or terms @> ${others}::bigint[]`})
               ${status === undefined ? tx`` : tx`and status = ${status}`}
               ${between(tx, query)}
             order by last_activity desc, session_id desc
             limit ${limit}) t
      join agent_session_summary m using (session_id)
     order by t.last_activity desc, t.session_id desc`;
  return (await Promise.all([planned, found]))[1].map(toSummary);
}

function ofStatuses(tx: Sql, { status }: SessionQuery, of: (status: Status) => ReturnType<Sql>) {
  const rows = status === undefined ? tx`(${of('active')}) union all (${of('ended')})` : tx`${of(status)}`;
  return tx`select * from (${rows}) o order by last_activity desc, session_id desc`;
}

/** Sessions that an index has in order. */
const entry = (sql: Sql, query: SessionQuery, status: Status, tag: string | undefined) => sql`
  from ${tag === undefined ? sql`agent_session_summary` : sql`agent_session_tags`} s
 where project_id = ${query.projectId} and status = ${status}
   ${tag === undefined ? sql`` : sql`and tag = ${tag}`}
   ${query.userId === undefined ? sql`` : sql`and user_id = ${query.userId}`}
   ${between(sql, query)}`;

function matching(sql: Sql, { agent, category, tags = [] }: SessionQuery, tag: string | undefined) {
  const others = tags.filter((one) => one !== tag);
  return sql`
       ${agent === undefined ? sql`` : sql`and agent = ${agent}`}
       ${category === undefined ? sql`` : sql`and category = ${category}`}
       ${others.length === 0 ? sql`` : hasAll(sql, others)}`;
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
