/** Figures over time, as they are read. */
import type { Status } from '../../core/execution/index.ts';
import {
  type FigureRow,
  type FigureStore,
  HOUR_MS,
  type Present,
  type SeriesQuery,
  type WorkflowFigures,
} from '../../ports/figures.ts';
import { countMinutes } from './count-minutes.ts';
import { readLevels, WHOLE } from './execution-levels.ts';
import { guarded } from './failures.ts';
import type { Pool, Sql } from './sql.ts';

export function figureStore(sql: Pool): FigureStore {
  return {
    count: (options) => guarded(() => countMinutes(sql, options)),
    series: (query) => guarded(() => series(sql, query)),
    levels: (query) => guarded(() => readLevels(sql, query)),
    present: (projectId, workflowId, limit) => guarded(() => present(sql, projectId, workflowId, limit)),
    workflows: (projectId, since, page) => guarded(() => workflows(sql, projectId, since, page)),
    forget: (before) =>
      guarded(async () => {
        await sql`delete from execution_minutes where at < ${before}`;
        await sql`delete from execution_hours where at < ${before}`;
        await sql`delete from execution_days where at < ${before}`;
        await sql`delete from execution_levels where span = ${HOUR_MS} and at < ${before}`;
      }),
  };
}

async function series(sql: Sql, query: SeriesQuery): Promise<FigureRow[]> {
  const { projectId, workflowId = WHOLE, from, to, stepMs } = query;
  const rows = await sql`
    select at - at % ${stepMs}::bigint as step, sum(started)::int as started, sum(completed)::int as completed,
           sum(failed)::int as failed, sum(compensated)::int as compensated, sum(canceled)::int as canceled,
           sum(duration_ms)::bigint as duration_ms, coalesce(string_agg(nullif(durations, ''), ' '), '') as durations
      from ${stepMs < HOUR_MS ? sql`execution_minutes` : sql`execution_hours`}
     where project_id = ${projectId} and workflow_id = ${workflowId} and at >= ${from} and at < ${to}
     group by 1 order by 1`;
  return rows.map(({ step: at, duration_ms: durationMs, ...row }) => {
    const { started, completed, failed, compensated, canceled, durations } = row;
    return { at, started, completed, failed, compensated, canceled, durationMs, durations };
  });
}

/** Says `<> 'completed'` in so many words: the planner then sees that the partial index serves. */
async function present(sql: Sql, projectId: string, workflowId: string | undefined, limit: number): Promise<Present> {
  const count = (status: Status, also = sql``) => sql`
    (select count(*)::int from (
       select from workflow_executions
        where project_id = ${projectId} and status = ${status} and status <> 'completed' ${also}
          ${workflowId === undefined ? sql`` : sql`and workflow_id = ${workflowId}`}
        limit ${limit}) found)`;
  const [row] = await sql`
    select ${count('pending', sql`and not held`)} as queued, ${count('pending', sql`and held`)} as held,
           ${count('running')} as running, ${count('compensating')} as compensating, ${count('waiting')} as waiting`;
  const { queued, held, running, compensating, waiting } = row as Record<string, number>;
  return { queued: queued!, held: held!, running: Math.min(limit, running! + compensating!), waiting: waiting! };
}

async function workflows(
  sql: Sql,
  projectId: string,
  since: number,
  { after = '', limit }: Parameters<FigureStore['workflows']>[2],
): Promise<WorkflowFigures[]> {
  const rows = await sql`
    select w.id, w.name, l.id as last, l.status, l.at as last_at, d.hours, d.durations
      from (select id, project_id, name from workflows
             where project_id = ${projectId} and name collate "C" > ${after}
             order by name collate "C" limit ${limit}) w
      left join lateral (
        select id, status, coalesce(finished_at, started_at, created_at) as at from workflow_executions e
         where e.project_id = w.project_id and e.workflow_id = w.id order by id desc limit 1) l on true
      left join execution_days d on d.project_id = w.project_id and d.workflow_id = w.id and d.at >= ${since}
     order by w.name collate "C"`;
  return rows.map((row) => ({
    workflowId: row.id,
    workflowName: row.name,
    last: row.last === null ? null : { id: row.last, status: row.status, at: row.last_at },
    hours: ((row.hours ?? []) as Hour[])
      .filter(([at]) => at >= since)
      .map(([at, started, completed, failed, compensated = 0, canceled = 0]) => {
        return { at, started, completed, failed, compensated, canceled };
      }),
    durations: row.durations ?? '',
  }));
}

/** The last two are missing until something new happens in a workflow, where an earlier release has written it. */
type Hour = readonly [
  at: number,
  started: number,
  completed: number,
  failed: number,
  compensated?: number,
  canceled?: number,
];
