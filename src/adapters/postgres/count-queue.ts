import type { TriggerPlace } from '../../ports/store.ts';
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

/** Reads no more than `limit` entries of the index of the queue, and of that of what is held. */
export async function countAhead(
  sql: Sql,
  { projectId, workflowId, triggerId }: TriggerPlace,
  limit: number,
): Promise<number> {
  const [row] = await sql`
    select count(*) as ahead
      from ((select from workflow_executions
              where project_id = ${projectId} and owner is null and not held
                and status in ('pending', 'running', 'compensating')
              limit ${limit})
            union all
            (select from workflow_executions
              where project_id = ${projectId} and workflow_id = ${workflowId} and trigger_id = ${triggerId}
                and held and status = 'pending'
              limit ${limit})
            limit ${limit}) as ahead`;
  return row?.ahead as number;
}
