import type { Sql } from './sql.ts';

/** Reads no more of the queue's index than `limit` entries. */
export async function countQueue(sql: Sql, limit: number): Promise<number> {
  const [row] = await sql`
    select count(*) as queued
      from (select from workflow_executions
             where owner is null and not held and status in ('pending', 'running', 'compensating')
             limit ${limit}) as queue`;
  return row?.queued as number;
}
