/** Questions to the outside: reading them, and the first answer that closes one. */
import { eventKeysOf } from '../../core/wait-index.ts';
import type {
  Answered,
  CallbackPlace,
  DueSpot,
  EventWait,
  NewAnswer,
  WaitQuery,
  WaitRow,
  WaitStore,
} from '../../ports/waits.ts';
import { array, texts } from './columns.ts';
import { brokenUnique, guarded } from './failures.ts';
import type { Pool, Sql } from './sql.ts';
import { notify } from './wake.ts';

export function waitStore(sql: Pool): WaitStore {
  return {
    get: (projectId, id) => guarded(() => get(sql, projectId, id)),
    list: (query) => guarded(() => list(sql, query)),
    count: (query) => guarded(() => count(sql, query)),
    answer: (answers, now) => guarded(() => answer(sql, answers, now)),
    callback: (projectId, executionId, node) => guarded(() => callback(sql, projectId, executionId, node)),
    expected: (projectId, types) => guarded(() => expected(sql, projectId, types)),
    forEvent: (projectId, type, page) => guarded(() => forEvent(sql, projectId, type, page)),
  };
}

async function get(sql: Sql, projectId: string, id: string): Promise<WaitRow | undefined> {
  const [row] = await sql`
    select w.*, f.name as workflow_name from waits w left join workflows f on f.id = w.workflow_id
     where w.id = ${id} and w.project_id = ${projectId}`;
  return row === undefined ? undefined : toWait(row);
}

async function list(sql: Sql, query: WaitQuery): Promise<WaitRow[]> {
  const order = query.byDue ? sql`due_at nulls last, id desc` : sql`id desc`;
  const rows = await sql`
    select w.*, f.name as workflow_name
      from (select * from waits where ${fits(sql, query)} order by ${order} limit ${query.limit}) w
      left join workflows f on f.id = w.workflow_id
     order by ${order}`;
  return rows.map(toWait);
}

async function count(sql: Sql, query: WaitQuery): Promise<number> {
  const [row] = await sql`
    select count(*)::int as n from (select from waits where ${fits(sql, query)} limit ${query.limit}) found`;
  return row?.n as number;
}

function fits(sql: Sql, query: WaitQuery) {
  const { projectId, kind, open, assignees, workflowId, executionId, before, after } = query;
  return sql`project_id = ${projectId} and kind = ${kind}
    ${open === undefined ? sql`` : open ? sql`and closed_at is null` : sql`and closed_at is not null`}
    ${assignees === undefined ? sql`` : sql`and assignees && ${[...assignees]}::text[]`}
    ${query.for === undefined ? sql`` : sql`and (assignees is null or assignees && ${[...query.for]}::text[])`}
    ${workflowId === undefined ? sql`` : sql`and workflow_id = ${workflowId}`}
    ${executionId === undefined ? sql`` : sql`and execution_id = ${executionId}`}
    ${before === undefined ? sql`` : sql`and id < ${before}`}
    ${after === undefined ? sql`` : behind(sql, after)}`;
}

const behind = (sql: Sql, { due, id }: DueSpot) =>
  due === null
    ? sql`and due_at is null and id < ${id}`
    : sql`and (due_at > ${due} or due_at is null or (due_at = ${due} and id < ${id}))`;

function toWait(row: Record<string, unknown>): WaitRow {
  return {
    id: row.id as string,
    projectId: row.project_id as string,
    executionId: row.execution_id as string,
    workflowId: row.workflow_id as string,
    workflowName: (row.workflow_name as string | null) ?? '(deleted)',
    path: row.path as string,
    kind: row.kind as WaitRow['kind'],
    details: row.details,
    createdAt: row.created_at as number,
    closedAt: row.closed_at as number | null,
    closedBy: row.closed_by as WaitRow['closedBy'],
    answer: row.answer,
  };
}

async function answer(sql: Pool, answers: readonly NewAnswer[], now: number): Promise<Answered[]> {
  if (answers.length === 0) return [];
  const done = await take(sql, answers, now);
  if (done.size > 0) await notify(sql);
  const others = answers.filter(({ waitId }) => !done.has(waitId));
  const left = await reasons(sql, others);
  return answers.map(({ waitId, projectId }) =>
    done.has(waitId) ? 'taken' : (left.get(projectId + waitId) ?? 'absent'),
  );
}

/**
 * Closing the row and posting the signal are one statement; rows are taken in one order, against deadlocks. Two that
 * deliver one message at the same time cannot see each other: the index lets one through, and the other looks again.
 */
async function take(sql: Pool, answers: readonly NewAnswer[], now: number): Promise<ReadonlySet<string>> {
  try {
    return await takeOnce(sql, answers, now);
  } catch (error) {
    if (brokenUnique(error) !== 'waits_message') throw error;
    return await take(sql, answers, now);
  }
}

async function takeOnce(sql: Pool, answers: readonly NewAnswer[], now: number): Promise<ReadonlySet<string>> {
  const rows = await sql.unsafe(
    `with given as materialized (
       select w.id, w.execution_id, g.answer, g.final, g.message
         from unnest($1::uuid[], $2::uuid[], string_to_array($3, e'\\x1e'), $4::boolean[], $6::text[])
                g (id, project_id, answer, final, message)
         join waits w on w.id = g.id and w.project_id = g.project_id
        where w.closed_at is null
        order by w.id
          for update of w),
     fresh as (
       select distinct on (g.execution_id, coalesce(g.message, g.id::text)) g.*
         from given g
        where g.message is null or not exists (
              select from waits t where t.execution_id = g.execution_id and t.message = g.message)
        order by g.execution_id, coalesce(g.message, g.id::text), g.id),
     taken as (
       update waits w
          set closed_at = case when g.final then $5::bigint end,
              closed_by = case when g.final then 'answer' end,
              answer = case when g.final then g.answer::json end,
              message = g.message
         from fresh g
        where w.id = g.id and exists (
              select from workflow_executions e
               where e.id = w.execution_id
                 and e.status not in ('completed', 'failed', 'canceled', 'compensated', 'compensation_failed'))
       returning w.id, w.project_id, w.execution_id, g.answer),
     posted as (
       insert into signals (project_id, execution_id, type, body)
       select project_id, execution_id, 'answer',
              json_build_object('type', 'answer', 'waitId', id, 'answer', answer::json)
         from taken order by id)
     select id from taken`,
    [
      array(answers.map(({ waitId }) => waitId)),
      array(answers.map(({ projectId }) => projectId)),
      texts(answers.map((one) => JSON.stringify(one.answer ?? null))),
      `{${answers.map(({ final }) => final).join(',')}}`,
      now,
      array(answers.map(({ message }) => message ?? null)),
    ],
  );
  return new Set(rows.map((row) => row.id as string));
}

/** Why they were not taken, by project and id. */
async function reasons(sql: Sql, answers: readonly NewAnswer[]): Promise<ReadonlyMap<string, Answered>> {
  if (answers.length === 0) return new Map();
  const rows = await sql`
    select w.id, w.project_id, case
             when w.closed_at is not null then 'closed'
             when exists (select from waits t where t.execution_id = w.execution_id and t.message = n.message)
               then 'repeated'
             else 'ended' end as reason
      from unnest(${array(answers.map(({ waitId }) => waitId))}::uuid[],
                  ${array(answers.map(({ message }) => message ?? null))}::text[]) n (id, message)
      join waits w on w.id = n.id`;
  return new Map(rows.map((row) => [`${row.project_id}${row.id}`, row.reason as Answered]));
}

async function callback(sql: Sql, projectId: string, executionId: string, node?: string): Promise<CallbackPlace> {
  const [row] = await sql`
    select id, closed_at from waits
     where execution_id = ${executionId} and project_id = ${projectId} and kind = 'callback'
       ${node === undefined ? sql`` : sql`and split_part(path, '/', -1) = ${node}`}
     order by (closed_at is null) desc, id limit 1`;
  if (row === undefined) return { state: 'none' };
  return row.closed_at === null ? { state: 'open', waitId: row.id } : { state: 'closed' };
}

async function expected(sql: Sql, projectId: string, types: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql`
    select distinct event_key from waits
     where project_id = ${projectId} and kind = 'event' and closed_at is null
       and event_key = any(${types.flatMap(eventKeysOf)}::text[])`;
  const open = new Set(rows.map((row) => row.event_key as string));
  return new Set(types.filter((type) => eventKeysOf(type).some((key) => open.has(key))));
}

async function forEvent(
  sql: Sql,
  projectId: string,
  type: string,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<EventWait[]> {
  const rows = await sql`
    select id, execution_id, details from waits
     where project_id = ${projectId} and kind = 'event' and closed_at is null
       and event_key = any(${eventKeysOf(type)}::text[])
       ${after === undefined ? sql`` : sql`and id > ${after}`}
     order by id limit ${limit}`;
  return rows.map((row) => ({ id: row.id, executionId: row.execution_id, details: row.details }));
}
