/** Dead letters that are tried again: each is won by one caller, together with what makes it go on. */
import type { SignalBody, Store } from '../../ports/store.ts';
import { writeCommits } from './commit.ts';
import { insertMessages } from './insert-messages.ts';
import { type Pool, runAll, type Sql } from './sql.ts';
import { notify } from './wake.ts';

type Change<K extends 'requeue' | 'requeueAs' | 'requeueMessage'> = Parameters<Store['deadLetters'][K]>[0];

const retrySignal = (reason: string): string => JSON.stringify({ type: 'retry', reason } satisfies SignalBody);

export async function requeueLetters(sql: Sql, { projectId, ids, reason, now }: Change<'requeue'>): Promise<string[]> {
  const rows = await sql`
    with mine as (
      select id from dead_letter_queue d
       where id = any(${ids as string[]}::text[]::uuid[]) and project_id = ${projectId}
         and status in ('NEW', 'REVIEWED') and ${isFailed(sql)}
       order by id for update),
    taken as (
      update dead_letter_queue
         set status = 'RETRIED', retries = retries + 1, retry_at = null, updated_at = ${now}
       where id in (select id from mine)
      returning id, project_id, execution_id),
    told as (
      insert into signals (project_id, execution_id, type, body)
      select project_id, execution_id, 'retry', ${retrySignal(reason)}::text::json from taken)
    select id from taken`;
  if (rows.length > 0) await notify(sql);
  return rows.map((row) => row.id as string);
}

/** Its execution is there, and has not been led on by other ways. */
const isFailed = (sql: Sql) => sql`exists (
  select from workflow_executions e
   where e.id = d.execution_id and e.project_id = d.project_id and e.status in ('failed', 'compensation_failed'))`;

export async function requeueLetterAs(
  sql: Pool,
  { projectId, id, commit, now }: Change<'requeueAs'>,
): Promise<boolean> {
  return await sql.begin(async (tx) => {
    const rows = await tx`
      update dead_letter_queue
         set status = 'RETRIED', retries = retries + 1, retry_at = null, retried_as = ${commit.executionId},
             updated_at = ${now}
       where id = ${id} and project_id = ${projectId} and status in ('NEW', 'REVIEWED')
      returning 1 as one`;
    if (rows.length === 0) return false;
    await writeCommits(tx, [commit]);
    return true;
  });
}

export async function requeueMessage(
  sql: Pool,
  { projectId, id, event, now }: Change<'requeueMessage'>,
): Promise<boolean> {
  return await sql.begin(async (tx) => {
    const rows = await tx`
      update dead_letter_queue
         set status = 'RETRIED', retries = retries + 1, retry_at = null, updated_at = ${now}
       where id = ${id} and project_id = ${projectId} and status in ('NEW', 'REVIEWED')
      returning 1 as one`;
    if (rows.length === 0) return false;
    await runAll(tx, insertMessages([{ projectId, event }]));
    await notify(tx, 'messages');
    return true;
  });
}

/** Those whose execution is gone or goes on wait for a person; no rule looks at them again. */
export async function requeueDueLetters(
  sql: Sql,
  now: number,
  limit: number,
): Promise<{ requeued: number; nextAt: number | null }> {
  const rows = await sql`
    with due as (
      select id, ${isFailed(sql)} as failed from dead_letter_queue d
       where status = 'NEW' and retry_at <= ${now}
       order by retry_at limit ${limit} for update skip locked),
    taken as (
      update dead_letter_queue d
         set status = case when due.failed then 'RETRIED' else 'NEW' end,
             retries = retries + due.failed::int, retry_at = null, updated_at = ${now}
        from due where d.id = due.id
      returning d.id, d.project_id, d.execution_id, due.failed),
    told as (
      insert into signals (project_id, execution_id, type, body)
      select project_id, execution_id, 'retry', ${retrySignal('retried by rule')}::text::json from taken where failed)
    select id from taken where failed`;
  const [next] = await sql`
    select min(retry_at) as at from dead_letter_queue where status = 'NEW' and retry_at is not null`;
  if (rows.length > 0) await notify(sql);
  return { requeued: rows.length, nextAt: (next?.at as number | null) ?? null };
}
