/**
 * Lists of executions. Project, workflow, status and the time of creation are found by index; trigger, code and end are
 * looked at row by row, which is why a page looks no further than it is told (`Reach`).
 */
import type { Status } from '../../core/execution/index.ts';
import type { ExecutionPage, ExecutionQuery, ExecutionRow, Reach } from '../../ports/store.ts';
import { toExecution } from './executions.ts';
import { bound } from './partitions.ts';
import type { Sql } from './sql.ts';

/** An id begins with the time it was made; the process that made it says when it was created, a moment later. */
const CLOCK_SKEW_MS = 60_000;

export async function listExecutions(sql: Sql, query: ExecutionQuery): Promise<ExecutionRow[]> {
  const rows = await sql`
    select e.*, w.name as workflow_name
      from (${walk(sql, query, query.limit, narrowed(sql, query))}) e left join workflows w on w.id = e.workflow_id
     order by e.id desc`;
  return rows.map(toExecution);
}

export async function pageExecutions(sql: Sql, { reach, ...query }: ExecutionQuery & Reach): Promise<ExecutionPage> {
  const { limit } = query;
  if (!isNarrowed(query)) return pageOf(await listExecutions(sql, { ...query, limit: limit + 1 }), limit, null);
  // In one statement: both see the same rows, so between two pages none is left out, and none comes twice. Where the
  // page is full, nobody asks where the look ended.
  const rows = await sql`
    with found as materialized (
      select * from (${walk(sql, query, reach)}) seen
       where true ${narrowed(sql, query)} order by id desc limit ${limit + 1})
    select e.*, w.name as workflow_name, edge.ids as edge
      from (select case when (select count(*) from found) <= ${limit} then ${edge(sql, query, reach)} end as ids) edge
      left join found e on true
      left join workflows w on w.id = e.workflow_id
     order by e.id desc`;
  const found = rows.filter((row) => row.id !== null).map(toExecution);
  return pageOf(found, limit, beyond(rows[0]?.edge));
}

export async function countExecutions(sql: Sql, { reach, ...query }: ExecutionQuery & Reach) {
  const { limit } = query;
  const [row] = isNarrowed(query)
    ? await sql`
        select ${edge(sql, query, reach)} as edge,
               (select count(*)::int from (select from (${walk(sql, query, reach)}) seen
                                            where true ${narrowed(sql, query)} limit ${limit}) found) as count`
    : await sql`
        select null as edge, count(*)::int as count from (${walk(sql, query, limit, sql``, sql`id`)}) found`;
  const count = row?.count as number;
  return { count, whole: count < limit && beyond(row?.edge) === null };
}

/** `found`: one more than the page has room for, where there is one. */
function pageOf(found: readonly ExecutionRow[], limit: number, edge: string | null): ExecutionPage {
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : edge };
}

/** The last that is looked at, and the one behind it. */
const edge = (sql: Sql, query: ExecutionQuery, reach: number) => sql`
  (select array_agg(id order by id desc)
     from (select id from (${walk(sql, query, reach + 1, sql``, sql`id`)}) seen
            order by id desc offset ${reach - 1} limit 2) last)`;

const beyond = (edge: unknown): string | null =>
  Array.isArray(edge) && edge.length === 2 ? (edge[0] as string) : null;

const isNarrowed = ({ triggerId, code, endedFrom, endedTo }: ExecutionQuery): boolean =>
  [triggerId, code, endedFrom, endedTo].some((one) => one !== undefined);

/**
 * The newest of what indexes find. Of several statuses each is walked by itself, and the planner merges them: it would
 * walk through all executions for any of them. Where `completed` is among them, most executions fit anyway.
 */
function walk(sql: Sql, query: ExecutionQuery, most: number, also = sql``, columns = sql`*`) {
  const { statuses } = query;
  const those = (status: typeof also) => sql`
    (select ${columns} from workflow_executions where ${found(sql, query)} ${status} ${also}
      order by id desc limit ${most})`;
  if (statuses === undefined) return those(sql``);
  if (statuses.includes('completed')) return those(sql`and status = any(${statuses as Status[]}::text[])`);
  // Says `<> 'completed'` in so many words: the planner then sees that the partial index serves.
  const each = [...new Set(statuses)].map((one) => those(sql`and status = ${one} and status <> 'completed'`));
  const all = each.reduce((some, one) => sql`${some} union all ${one}`);
  return each.length === 1 ? all : sql`select * from (${all}) each order by id desc limit ${most}`;
}

function found(sql: Sql, { projectId, workflowId, from, to, before }: ExecutionQuery) {
  return sql`
    project_id = ${projectId}
    ${workflowId === undefined ? sql`` : sql`and workflow_id = ${workflowId}`}
    ${from === undefined ? sql`` : sql`and created_at >= ${from} and id >= ${bound(from - CLOCK_SKEW_MS)}`}
    ${to === undefined ? sql`` : sql`and created_at < ${to} and id < ${bound(to + CLOCK_SKEW_MS)}`}
    ${before === undefined ? sql`` : sql`and id < ${before}`}`;
}

function narrowed(sql: Sql, { triggerId, code, endedFrom, endedTo }: ExecutionQuery) {
  return sql`
    ${triggerId === undefined ? sql`` : sql`and trigger_id = ${triggerId}`}
    ${code === undefined ? sql`` : codeIs(sql, code)}
    ${endedFrom === undefined ? sql`` : sql`and finished_at >= ${endedFrom}`}
    ${endedTo === undefined ? sql`` : sql`and finished_at < ${endedTo}`}`;
}

/** Compares the beginning of the text: reading a field would fail where a message has NUL or half a character. */
function codeIs(sql: Sql, code: string) {
  const begin = `${JSON.stringify({ code }).slice(0, -1)},`;
  return sql`and starts_with(error::text, ${begin}) and status <> 'completed'`;
}
