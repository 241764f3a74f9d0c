import type { Claimed } from '../../ports/store.ts';
import type { Sql } from './connect.ts';

/**
 * Two kinds have something to do: those in the queue, and those at rest to which somebody posted a signal. A failed
 * one is woken by a retry only; its other signals wait for that.
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
              where owner is null and status in ('pending', 'running')
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
                and r.id = any(array(select execution_id from signals order by id limit ${limit * 4}))
                and (r.status = 'waiting' or r.status = 'failed' and exists (
                       select from signals s where s.execution_id = r.id and s.body->>'type' = 'retry'))
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
