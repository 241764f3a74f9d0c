/** Schedules: written with their triggers, taken when they are due. */
import type { ScheduleConfig } from '../../core/schedule/schedule.ts';
import { firstDue } from '../../core/schedule/take-due.ts';
import { type DueSchedule, type FiredSchedule, MAX_OVERLAP, type TakenSchedules } from '../../ports/schedules.ts';
import type { Commit, Store } from '../../ports/store.ts';
import { writeCommits } from './commit.ts';
import { guarded } from './failures.ts';
import type { Pool, Sql } from './sql.ts';
import { keptTriggers } from './timed-triggers.ts';
import { notify } from './wake.ts';

export function scheduleStore(sql: Pool): Store['schedules'] {
  return {
    take: (now, limit, fire) => guarded(() => take(sql, now, limit, fire)),
    lateness: (now) =>
      guarded(async () => {
        const [row] = await sql`select min(due_at) as at from schedules where due_at is not null`;
        return row?.at == null ? 0 : Math.max(0, now - (row.at as number));
      }),
  };
}

/**
 * Brings the schedules of a workflow in line with its triggers. One whose config is the same goes on as it was: a time
 * that is due while somebody saves another part of the workflow is not lost.
 */
export async function writeSchedules(
  tx: Sql,
  projectId: string,
  workflowId: string,
  isActive: boolean,
  now: number,
): Promise<void> {
  const triggers = await keptTriggers(tx, { projectId, workflowId, type: 'schedule', table: 'schedules' });
  for (const row of triggers) {
    const [id, config] = [row.id as string, row.config as ScheduleConfig];
    const first = isActive ? firstDue(config, id, now) : null;
    await tx`
      insert into schedules (trigger_id, project_id, workflow_id, config, next_at, due_at)
      values (${id}, ${projectId}, ${workflowId}, ${JSON.stringify(config)}::text::json, ${first?.at ?? null}::bigint,
              ${first?.dueAt ?? null}::bigint)
      on conflict (trigger_id) do update
         set config = excluded.config,
             next_at = case when ${isKept(tx)} then schedules.next_at else excluded.next_at end,
             due_at = case when ${isKept(tx)} then schedules.due_at else excluded.due_at end`;
  }
  if (triggers.length > 0) await notify(tx, 'schedules');
}

const isKept = (tx: Sql) => tx`
  (schedules.config::text = excluded.config::text and schedules.next_at is not null and excluded.next_at is not null)`;

async function take(
  sql: Pool,
  now: number,
  limit: number,
  fire: (due: readonly DueSchedule[]) => Promise<readonly FiredSchedule<Commit>[]>,
): Promise<TakenSchedules> {
  // Most looks find nothing: no transaction for them.
  const [soon] = await sql`
    select exists (select from schedules where due_at <= ${now}) as due,
           (select min(due_at) from schedules where due_at > ${now}) as next_at`;
  const nextAt = soon?.next_at as number | null;
  if (!soon?.due) return { taken: 0, nextAt };
  return await sql.begin(async (tx) => {
    const due = await lockDue(tx, now, limit);
    if (due.length === 0) return { taken: 0, nextAt };
    const fired = await fire(due);
    await writeCommits(
      tx,
      fired.flatMap((one) => one.commits),
    );
    for (const { triggerId, projectId, next, lastAt } of fired) {
      await tx`
        update schedules
           set next_at = ${next?.at ?? null}::bigint, due_at = ${next?.dueAt ?? null}::bigint,
               last_at = coalesce(${lastAt ?? null}::bigint, last_at)
         where trigger_id = ${triggerId} and project_id = ${projectId}`;
    }
    const [next] = await tx`select min(due_at) as at from schedules where due_at > ${now}`;
    return { taken: due.length, nextAt: next?.at as number | null };
  });
}

async function lockDue(tx: Sql, now: number, limit: number): Promise<DueSchedule[]> {
  const rows = await tx`
    select s.trigger_id, s.project_id, s.workflow_id, s.config, s.next_at, w.version, t.name
      from schedules s
      join triggers t on t.id = s.trigger_id and t.project_id = s.project_id
      join workflows w on w.id = s.workflow_id and w.project_id = s.project_id
     where s.due_at <= ${now}
     order by s.due_at limit ${limit}
       for update of s skip locked`;
  return await Promise.all(
    rows.map(async (row) => ({
      triggerId: row.trigger_id as string,
      projectId: row.project_id as string,
      workflowId: row.workflow_id as string,
      version: row.version as number,
      name: row.name as string,
      config: row.config as ScheduleConfig,
      at: row.next_at as number,
      active: await activeOf(tx, row),
    })),
  );
}

/** Only where something hangs on it. */
async function activeOf(tx: Sql, row: Record<string, unknown>): Promise<string[]> {
  const { overlap } = row.config as ScheduleConfig;
  if (overlap !== 'skip' && overlap !== 'cancel_previous') return [];
  const rows = await tx`
    select id from workflow_executions
     where project_id = ${row.project_id} and workflow_id = ${row.workflow_id} and trigger_id = ${row.name}
       and status in ('pending', 'running', 'waiting', 'compensating') and version > 0
     order by id limit ${overlap === 'skip' ? 1 : MAX_OVERLAP}`;
  return rows.map((one) => one.id as string);
}
