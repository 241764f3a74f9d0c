import type { Claimed } from '../../ports/store.ts';
import type { Sql } from './sql.ts';

/**
 * Two kinds have something to do: those in the queue, and those at rest to which somebody posted a signal. A failed
 * one is woken only by what leads it on (`REVIVING`); its other signals wait for that.
 */
export async function claimExecutions(sql: Sql, owner: string, limit: number): Promise<Claimed[]> {
  if (limit <= 0) return [];
  const queued = await claimQueued(sql, owner, limit);
  if (queued.length >= limit) return queued;
  return [...queued, ...(await claimSignaled(sql, owner, limit - queued.length))];
}

async function claimQueued(sql: Sql, owner: string, limit: number): Promise<Claimed[]> {
  const rows = await sql`
    update workflow_executions e set owner = ${owner}
     where e.id = any(array(
             select id from workflow_executions
              where owner is null and status in ('pending', 'running', 'compensating')
              order by priority desc, id
              limit ${limit}
                for update skip locked))
    returning id, project_id, workflow_id, version`;
  return rows.map(toClaimed);
}

async function claimSignaled(sql: Sql, owner: string, limit: number): Promise<Claimed[]> {
  const rows = await sql`
    update workflow_executions e set owner = ${owner}
     where e.id = any(array(
             select r.id from workflow_executions r
              where r.owner is null
                and r.id = any(array(
                      select s.execution_id from signals s join workflow_executions w on w.id = s.execution_id
                       where w.owner is null
                         and (w.status = 'waiting' or w.status in ('failed', 'compensation_failed') and s.type in ('retry', 'skip', 'cancel'))
                       group by s.execution_id order by min(s.id) limit ${limit * 4}))
              limit ${limit}
                for update skip locked))
    returning id, project_id, workflow_id, version`;
  return rows.map(toClaimed);
}

function toClaimed(row: Record<string, unknown>): Claimed {
  return {
    id: row.id as string,
    projectId: row.project_id as string,
    workflowId: row.workflow_id as string,
    version: row.version as number,
  };
}
