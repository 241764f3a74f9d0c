import type { Commit } from '../../ports/store.ts';
import { array } from './columns.ts';
import { type Query, query } from './query.ts';

/**
 * Keeps the ends that are none any more, since their executions were led on, for the next count of the figures, which
 * takes them back, and notes when that was. Nothing where nothing was led on, as nearly always. It comes before the
 * rows are moved, which know their last end only, and locks them, so that they have the same owner then.
 */
export function takeBackEnds(commits: readonly Commit[]): Query[] {
  const revived = commits.filter((one) => one.revived === true);
  if (revived.length === 0) return [];
  return [
    query(
      `with led_on as (
       update workflow_executions e set led_on_at = u.at
         from unnest($1::uuid[], $2::uuid[], $3::bigint[]) u (id, writer, at)
        where e.id = u.id and e.owner is not distinct from u.writer
          and e.finished_at is not null and e.status in ('failed', 'compensation_failed')
        returning e.project_id, e.workflow_id, e.finished_at)
     insert into execution_reopenings (project_id, workflow_id, ended_at) select * from led_on`,
      [
        array(revived.map((one) => one.executionId)),
        array(revived.map((one) => one.writer)),
        array(revived.map((one) => one.events[0]?.at ?? null)),
      ],
    ),
  ];
}
