import { lastTurn } from '../../core/flow/turn.ts';
import type { Claimed } from '../../ports/store.ts';
import type { Row, Sql } from './sql.ts';

/** The project that was served last by this process. */
export interface Turn {
  after: string;
}

/**
 * Two kinds have something to do: those in the queue, and those at rest to which somebody posted a signal. A failed
 * one is woken only by what leads it on (`REVIVING`); its other signals wait for that. One that is held can only be
 * canceled. A worker without a row was given up for dead: under that name it may have old copies in memory, which must
 * not become its own again.
 */
export async function claimExecutions(sql: Sql, turn: Turn, owner: string, limit: number): Promise<Claimed[]> {
  const claimed: Claimed[] = [];
  for (let more = true; more && claimed.length < limit; ) {
    const rows = await claimShares(sql, turn.after, owner, limit - claimed.length);
    const given = rows.map(toClaimed);
    turn.after = lastTurn(turn.after, given);
    claimed.push(...given);
    more = hasFullShare(given, rows[0]?.share as number);
  }
  if (claimed.length >= limit) return claimed;
  return [...claimed, ...(await claimSignaled(sql, owner, limit - claimed.length))];
}

/**
 * An equal share for each project that has something in the queue, found by hopping over the index from project to
 * project: what it costs depends on their number, not on how much is queued. Within a project by rank; where there is
 * not one for each, those whose turn it is.
 */
async function claimShares(sql: Sql, after: string, owner: string, limit: number): Promise<Row[]> {
  return await sql`
    with recursive projects as (
      (select project_id from workflow_executions
        where owner is null and not held and status in ('pending', 'running', 'compensating')
        order by project_id limit 1)
      union all
      select (select e.project_id from workflow_executions e
               where e.owner is null and not e.held and e.status in ('pending', 'running', 'compensating')
                 and e.project_id > p.project_id
               order by e.project_id limit 1)
        from projects p where p.project_id is not null),
    share as materialized (
      select ceil(${limit}::numeric / greatest(count(project_id), 1))::int as size from projects),
    picked as materialized (
      select q.id
        from projects p
       cross join lateral (
             select o.id, row_number() over (order by o.rank, o.id) as n
               from (select e.id, e.created_at - e.priority * 600000 as rank
                       from workflow_executions e
                      where e.project_id = p.project_id
                        and e.owner is null and not e.held and e.status in ('pending', 'running', 'compensating')
                      order by e.created_at - e.priority * 600000, e.id
                      limit (select size from share)
                        for update skip locked) o) q
       where p.project_id is not null and exists (select 1 from workers where id = ${owner})
       order by q.n, p.project_id <= ${after}::uuid, p.project_id
       limit ${limit})
    update workflow_executions e set owner = ${owner}
     where e.id = any(array(select id from picked))
    returning e.id, e.project_id, e.workflow_id, e.version, e.held, (select size from share) as share`;
}

/** Who took a whole share may have more; what the others did not need goes to them. */
function hasFullShare(given: readonly Claimed[], share: number): boolean {
  return [...Map.groupBy(given, ({ projectId }) => projectId).values()].some((one) => one.length >= share);
}

async function claimSignaled(sql: Sql, owner: string, limit: number): Promise<Claimed[]> {
  const rows = await sql`
    update workflow_executions e set owner = ${owner}
     where e.id = any(array(
             select r.id from workflow_executions r
              where r.owner is null and exists (select 1 from workers where id = ${owner})
                and r.id = any(array(
                      select s.execution_id from signals s join workflow_executions w on w.id = s.execution_id
                       where w.owner is null
                         and (w.status = 'waiting'
                              or w.status in ('failed', 'compensation_failed') and s.type in ('retry', 'skip', 'cancel')
                              or w.status = 'pending' and w.held and s.type = 'cancel')
                       group by s.execution_id order by min(s.id) limit ${limit * 4}))
              limit ${limit}
                for update skip locked))
    returning id, project_id, workflow_id, version, held`;
  return rows.map(toClaimed);
}

function toClaimed(row: Row): Claimed {
  return {
    id: row.id as string,
    projectId: row.project_id as string,
    workflowId: row.workflow_id as string,
    version: row.version as number,
    held: row.held as boolean,
  };
}
