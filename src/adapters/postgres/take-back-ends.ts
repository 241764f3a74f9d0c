import type { Commit } from '../../ports/store.ts';
import { array } from './columns.ts';
import { type Query, query } from './query.ts';

/**
 * Keeps the ends that are none any more, since their executions were led on, for the next count of the figures, which
 * takes them back. Nothing where nothing was led on, as nearly always. It comes before the rows are moved, which know
 * their last end only, and locks them, so that they have the same owner then.
 */
export function takeBackEnds(commits: readonly Commit[]): Query[] {
  const revived = commits.filter((one) => one.revived === true);
  if (revived.length === 0) return [];
  return [
    query(
      `insert into execution_reopenings (project_id, workflow_id, ended_at)
     select e.project_id, e.workflow_id, e.finished_at
       from unnest($1::uuid[], $2::uuid[]) u (id, writer)
       join workflow_executions e on e.id = u.id and e.owner is not distinct from u.writer
      where e.finished_at is not null and e.status in ('failed', 'compensation_failed')
        for update of e`,
      [array(revived.map((one) => one.executionId)), array(revived.map((one) => one.writer))],
    ),
  ];
}
