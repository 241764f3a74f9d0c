/** Removes what has outlived the rules, a batch in a transaction; see `remove-executions.ts` for what goes with it. */
import type { RetentionSettings, Sweep } from '../../core/retention.ts';
import type { RetainedWorkflow, RetentionPass, RetentionStore } from '../../ports/retention.ts';
import { guarded } from './failures.ts';
import { bound, dropEmptyMonths } from './partitions.ts';
import { removeExecutions } from './remove-executions.ts';
import { removeFiles, removeLetters } from './remove-letters.ts';
import type { Pool, Sql } from './sql.ts';

export function retentionStore(sql: Pool): RetentionStore {
  return {
    begin: (everyMs) => guarded(() => beginPass(sql, everyMs)),
    progress: (removed, finished) => guarded(() => progressPass(sql, removed, finished)),
    lastPass: () => guarded(() => lastPass(sql)),
    workflows: (projectId) => guarded(() => retainedWorkflows(sql, projectId)),
    count: (of, sweep, limit) => guarded(() => countSwept(sql, of, sweep, limit)),
    remove: (of, sweep, after, limit) => guarded(() => sql.begin((tx) => removeSwept(tx, of, sweep, after, limit))),
    removeLetters: (before, limit) => guarded(() => removeLetters(sql, before, limit)),
    removeFiles: (before, limit) => guarded(() => removeFiles(sql, before, limit)),
    dropMonths: () => guarded(() => dropEmptyMonths(sql)),
  };
}

async function beginPass(sql: Sql, everyMs: number): Promise<boolean> {
  const rows = await sql`
    insert into retention_pass as p (started_at, heard_at) values (now(), now())
    on conflict (one) do update set started_at = now(), heard_at = now(), finished_at = null, removed = 0
     where p.started_at <= now() - ${everyMs} * interval '1 ms'
       and (p.finished_at is not null or p.heard_at < now() - interval '1 minute')
    returning 1 as taken`;
  return rows.length > 0;
}

async function progressPass(sql: Sql, removed: number, finished: boolean): Promise<void> {
  await sql`
    update retention_pass
       set heard_at = now(), removed = ${removed}, finished_at = case when ${finished} then now() end`;
}

async function lastPass(sql: Sql): Promise<RetentionPass | undefined> {
  const [row] = await sql`select started_at, finished_at, removed from retention_pass`;
  if (row === undefined) return undefined;
  const finishedAt = (row.finished_at as Date | null)?.getTime() ?? null;
  return { startedAt: (row.started_at as Date).getTime(), finishedAt, removed: row.removed as number };
}

/** Versions outlive their workflow, as its executions do. */
async function retainedWorkflows(sql: Sql, projectId?: string): Promise<RetainedWorkflow[]> {
  const rows = await sql`
    select v.project_id, v.workflow_id, w.name, w.retention
      from (select distinct project_id, workflow_id from workflow_versions
             ${projectId === undefined ? sql`` : sql`where project_id = ${projectId}`}) v
      left join workflows w on w.id = v.workflow_id
     order by w.name, v.workflow_id`;
  return rows.map((row) => ({
    projectId: row.project_id as string,
    workflowId: row.workflow_id as string,
    name: row.name as string | null,
    settings: row.retention as RetentionSettings | null,
  }));
}

/** An id begins with the time it was made; an execution that ended before a time was made before it. */
const CLOCK_SKEW_MS = 60_000;
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Executions that a sweep finds. The bound on the id ends the look where the youngest that may go stands, so that a
 * pass never reads what is to stay but for what failed to go before it.
 */
function swept(sql: Sql, { projectId, workflowId }: RetainedWorkflow, sweep: Sweep, surplus: string) {
  const { endedBefore } = sweep;
  const aged = endedBefore === null ? NOBODY : bound(endedBefore + CLOCK_SKEW_MS);
  const last = aged > surplus ? aged : surplus;
  return sql`
    workflow_executions e
     where project_id = ${projectId} and workflow_id = ${workflowId} ${statusIs(sql, sweep)} and id <= ${last}
       and owner is null and (finished_at < ${endedBefore}::bigint or id <= ${surplus})
       and not exists (select from signals s where s.execution_id = e.id and s.type in ('retry', 'skip', 'cancel'))
       and not exists (select from dead_letter_queue d where d.id = e.id and d.status in ('NEW', 'REVIEWED'))`;
}

/** The newest execution that is beyond the number to be kept. */
async function lastSurplus(sql: Sql, of: RetainedWorkflow, sweep: Sweep): Promise<string> {
  if (sweep.newest === null) return NOBODY;
  const [row] = await sql`
    select id from workflow_executions
     where project_id = ${of.projectId} and workflow_id = ${of.workflowId} ${statusIs(sql, sweep)}
     order by id desc offset ${sweep.newest} limit 1`;
  return (row?.id as string | undefined) ?? NOBODY;
}

/** Says `<> 'completed'` in so many words: the planner then sees that the partial index serves. */
function statusIs(sql: Sql, { status }: Sweep) {
  if (status === 'completed') return sql`and status = 'completed'`;
  return sql`and status = ${status} and status <> 'completed'`;
}

async function countSwept(sql: Sql, of: RetainedWorkflow, sweep: Sweep, limit: number): Promise<number> {
  const surplus = await lastSurplus(sql, of, sweep);
  const [row] = await sql`
    select count(*) as count from (select 1 as one from ${swept(sql, of, sweep, surplus)} limit ${limit}) found`;
  return row?.count as number;
}

async function removeSwept(tx: Sql, of: RetainedWorkflow, sweep: Sweep, after: string | null, limit: number) {
  const surplus = await lastSurplus(tx, of, sweep);
  const rows = await tx`
    select id from ${swept(tx, of, sweep, surplus)} and id > ${after ?? NOBODY}
     order by id limit ${limit} for update of e skip locked`;
  const ids = rows.map((row) => row.id as string);
  const removed = await removeExecutions(tx, ids);
  return { removed, next: ids.length < limit ? null : (ids.at(-1) ?? null) };
}
