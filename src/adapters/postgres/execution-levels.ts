/**
 * How many executions there are, by what they are at: looked at now and then by the process that counts minutes. It costs
 * nothing where executions begin and end; what is between two looks is not seen.
 */
import { HOUR_MS, type LevelRow, MINUTE_MS, type SeriesQuery } from '../../ports/figures.ts';
import type { Sql } from './sql.ts';

/** The workflow by which the figures of a whole project are found. */
export const WHOLE = '00000000-0000-0000-0000-000000000000';

/** Minutes are kept for as long as figures can be asked for by steps of 5 minutes; hours go with the other figures. */
const KEEP_MINUTES_MS = 8 * 24 * HOUR_MS;

/** `now` by the clock of the database. */
export async function lookAtLevels(tx: Sql, now: number): Promise<void> {
  await tx`
    with present as (
      select e.project_id, coalesce(e.workflow_id, ${WHOLE}::uuid) as workflow_id,
             count(*) filter (where status = 'pending' and not held)::int as queued,
             count(*) filter (where status = 'pending' and held)::int as held,
             count(*) filter (where status in ('running', 'compensating'))::int as running,
             count(*) filter (where status = 'waiting')::int as waiting
        from projects p
        join workflow_executions e on e.project_id = p.id and e.status <> 'completed'
                                  and e.status in ('pending', 'running', 'compensating', 'waiting')
       group by grouping sets ((e.project_id, e.workflow_id), (e.project_id))),
    each as (
      select * from present
      union all
      select id, ${WHOLE}::uuid, 0, 0, 0, 0 from projects p
       where not exists (select from present where project_id = p.id))
    insert into execution_levels as l (project_id, workflow_id, span, at, queued, held, running, waiting)
    select project_id, workflow_id, span, ${now}::bigint - ${now}::bigint % span, queued, held, running, waiting
      from each cross join (values (${MINUTE_MS}::int), (${HOUR_MS}::int)) s (span)
    on conflict (project_id, workflow_id, span, at) do update
       set queued = greatest(l.queued, excluded.queued), held = greatest(l.held, excluded.held),
           running = greatest(l.running, excluded.running), waiting = greatest(l.waiting, excluded.waiting)`;
  await tx`delete from execution_levels where span = ${MINUTE_MS} and at < ${now - KEEP_MINUTES_MS}`;
}

/** A workflow without a row had nothing, where somebody looked; where nobody did, there is no row of the project either. */
export async function readLevels(sql: Sql, query: SeriesQuery): Promise<LevelRow[]> {
  const { projectId, workflowId = WHOLE, from, to, stepMs } = query;
  const rows = await sql`
    select w.at - w.at % ${stepMs}::bigint as step, max(coalesce(l.queued, 0)) as queued,
           max(coalesce(l.held, 0)) as held, max(coalesce(l.running, 0)) as running,
           max(coalesce(l.waiting, 0)) as waiting
      from execution_levels w
      left join execution_levels l on l.project_id = w.project_id and l.workflow_id = ${workflowId}
                                  and l.span = w.span and l.at = w.at
     where w.project_id = ${projectId} and w.workflow_id = ${WHOLE}::uuid
       and w.span = ${stepMs < HOUR_MS ? MINUTE_MS : HOUR_MS} and w.at >= ${from} and w.at < ${to}
     group by 1 order by 1`;
  return rows.map(({ step: at, queued, held, running, waiting }) => ({ at, queued, held, running, waiting }));
}
