/**
 * Texts of model calls on their way to readers of other processes. One statement for all calls of a process, which
 * also tells the others; texts go as an array, since a model may say anything, also what separates columns.
 */
import type { CallRef, ExecutionRef, TokenChunk, TokenStore } from '../../ports/tokens.ts';
import { array, texts } from './columns.ts';
import { guarded } from './failures.ts';
import type { Pool, Row, Sql } from './sql.ts';
import { CHANNEL } from './wake.ts';

export function tokenStore(sql: Pool): TokenStore {
  return {
    write: (chunks) =>
      guarded(async () => {
        if (chunks.length === 0) return;
        await sql`
          with written as (
            insert into token_chunks (project_id, execution_id, path, attempt, start, text)
            select k.project_id, k.execution_id, k.path, k.attempt, s.start, s.text
              from ${calls(sql, chunks)}
              join unnest(${array(chunks.map((one) => one.start))}::int[],
                          ${chunks.map((one) => storable(one.text))}::text[]) with ordinality as s (start, text, place)
             using (place)
            on conflict (execution_id, path, attempt, start) do update set text = excluded.text
             where token_chunks.project_id = excluded.project_id
            returning 1)
          select pg_notify(${CHANNEL}, 'tokens') from (select count(*) from written) as done`;
      }),
    read: (executions, have, limit) =>
      guarded(async () => {
        if (executions.length === 0) return [];
        const rows = await sql`
          with k as (
            select * from ${calls(sql, have)}
              join unnest(${array(have.map((one) => one.length))}::int[]) with ordinality as l (length, place)
             using (place))
          (select c.* from k cross join lateral (
             select project_id, execution_id, path, attempt, start, text from token_chunks t
              where t.project_id = k.project_id and t.execution_id = k.execution_id and t.path = k.path
                and t.attempt = k.attempt and t.start >= k.length
              order by t.start limit ${limit}) c
            limit ${limit})
          union all
          (select c.project_id, c.execution_id, c.path, c.attempt, c.start, c.text
             from ${executionTable(sql, executions)}
             join token_chunks c on c.project_id = e.project_id and c.execution_id = e.execution_id and c.start = 0
            where not exists (select from k where k.execution_id = c.execution_id and k.path = c.path
                                               and k.attempt = c.attempt)
            limit ${limit})
          limit ${limit}`;
        return rows.map(toChunk);
      }),
    remove: (ended) =>
      guarded(async () => {
        if (ended.length === 0) return;
        await sql`
          delete from token_chunks c using ${calls(sql, ended)}
           where c.project_id = k.project_id and c.execution_id = k.execution_id and c.path = k.path
             and c.attempt <= k.attempt`;
      }),
    forget: (olderThanMs) =>
      guarded(async () => {
        await sql`delete from token_chunks where at < clock_timestamp() - ${olderThanMs}::int * interval '1 ms'`;
      }),
  };
}

/** As a table `k (project_id, execution_id, path, attempt, place)`. */
const calls = (sql: Sql, some: readonly CallRef[]) =>
  sql`unnest(${array(some.map((one) => one.projectId))}::uuid[], ${array(some.map((one) => one.executionId))}::uuid[],
             string_to_array(${texts(some.map((one) => one.path))}, e'\\x1e'),
             ${array(some.map((one) => one.attempt))}::int[])
        with ordinality as k (project_id, execution_id, path, attempt, place)`;

/** As a table `e (project_id, execution_id)`. */
const executionTable = (sql: Sql, some: readonly ExecutionRef[]) =>
  sql`unnest(${array(some.map((one) => one.projectId))}::uuid[], ${array(some.map((one) => one.executionId))}::uuid[])
        as e (project_id, execution_id)`;

/** PostgreSQL has no NUL in texts; the length stays. */
const storable = (text: string): string => text.replaceAll('\0', '\ufffd');

function toChunk(row: Row): TokenChunk {
  return {
    projectId: row.project_id as string,
    executionId: row.execution_id as string,
    path: row.path as string,
    attempt: row.attempt as number,
    start: row.start as number,
    text: row.text as string,
  };
}
