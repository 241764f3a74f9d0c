import type { Status } from '../../core/execution/index.ts';
import type { NewSignal, PostToEach, Signal, SignalBody } from '../../ports/store.ts';
import type { Pool, Sql } from './sql.ts';
import { notify } from './wake.ts';

/** "bulk" in ASCII, beside a number made of the project. */
const LOCK = '1651862635';

export async function readSignals(sql: Sql, ids: readonly string[]): Promise<Signal[]> {
  if (ids.length === 0) return [];
  const rows = await sql`
    select id, execution_id, body from signals where execution_id = any(${ids as string[]}::text[]::uuid[]) order by id`;
  return rows.map((row) => ({
    id: String(row.id),
    executionId: row.execution_id as string,
    signal: row.body as SignalBody,
  }));
}

export async function signaledExecutions(sql: Sql, owner: string): Promise<string[]> {
  const rows = await sql`
    select distinct s.execution_id from signals s join workflow_executions e on e.id = s.execution_id
     where e.owner = ${owner}`;
  return rows.map((row) => row.execution_id as string);
}

/** False where no execution of this id could still take it in. */
export async function postSignal(sql: Sql, { executionId, projectId, signal }: NewSignal): Promise<boolean> {
  const rows = await sql`
    insert into signals (project_id, execution_id, type, body)
    select project_id, id, ${signal.type}, ${JSON.stringify(signal)}::text::json from workflow_executions
     where id = ${executionId} and project_id = ${projectId} and status not in ('completed', 'canceled', 'compensated')
    returning id`;
  if (rows.length > 0) await notify(sql);
  return rows.length > 0;
}

/** Who posts to many waits for who does the same in the project, and sees what that one has posted. */
export async function postToEach(sql: Pool, { projectId, ids, statuses, signal }: PostToEach): Promise<string[]> {
  return await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK}, hashtext(${projectId}))`;
    const rows = await tx`
      with meant as (
        select id from workflow_executions
         where id = any(${ids as string[]}::text[]::uuid[]) and project_id = ${projectId}
           and status = any(${statuses as Status[]}::text[])),
      told as (
        insert into signals (project_id, execution_id, type, body)
        select ${projectId}, id, ${signal.type}, ${JSON.stringify(signal)}::text::json from meant m
         where not exists (select from signals s where s.execution_id = m.id and s.type = ${signal.type}))
      select id from meant`;
    if (rows.length > 0) await notify(tx);
    return rows.map((row) => row.id as string);
  });
}

export async function postToWorkflow(
  sql: Sql,
  projectId: string,
  workflowId: string,
  signal: SignalBody,
): Promise<number> {
  const rows = await sql`
    insert into signals (project_id, execution_id, type, body)
    select project_id, id, ${signal.type}, ${JSON.stringify(signal)}::text::json from workflow_executions
     where project_id = ${projectId} and workflow_id = ${workflowId} and status <> 'completed'
       and status in ('pending', 'running', 'waiting', 'compensating')
    returning 1 as one`;
  if (rows.length > 0) await notify(sql);
  return rows.length;
}

/** A due timer becomes a signal in one statement, so it is never lost and never comes twice. */
export async function fireTimers(
  sql: Sql,
  now: number,
  limit: number,
): Promise<{ fired: number; nextAt: number | null }> {
  const fired = await sql`
    with due as (
      delete from timers where id = any(array(
        select id from timers where fire_at <= ${now} order by fire_at limit ${limit} for update skip locked))
      returning id, project_id, execution_id)
    insert into signals (project_id, execution_id, type, body)
    select project_id, execution_id, 'timer', json_build_object('type', 'timer', 'timerId', id) from due
    returning 1 as one`;
  const [next] = await sql`select min(fire_at) as at from timers`;
  if (fired.length > 0) await notify(sql);
  return { fired: fired.length, nextAt: (next?.at as number | null) ?? null };
}
