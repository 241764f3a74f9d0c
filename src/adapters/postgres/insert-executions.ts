import type { Commit } from '../../ports/store.ts';
import { array, texts } from './columns.ts';
import { type Query, query } from './query.ts';

/** Those that flow control holds are a statement of their own: the others know nothing of it. */
export function insertExecutions(commits: readonly Commit[]): Query[] {
  const created = commits.filter((one) => one.create !== undefined);
  const held = created.filter((one) => one.create?.ticket !== undefined);
  const plain = held.length === 0 ? created : created.filter((one) => one.create?.ticket === undefined);
  return [...insert(plain, false), ...insert(held, true)];
}

function insert(created: readonly Commit[], held: boolean): Query[] {
  if (created.length === 0) return [];
  return [
    query(
      `insert into workflow_executions (id, project_id, workflow_id, version, trigger_id, status, priority, owner,
                                      parent_id, created_at, started_at, finished_at, error${held ? ', held' : ''})
     select id, project_id, workflow_id, version, trigger_id, status, priority, owner,
            parent_id, created_at, started_at, finished_at, nullif(error, '')::json${held ? ', true' : ''}
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], string_to_array($5, e'\\x1e'),
                   string_to_array($6, e'\\x1e'), $7::smallint[], $8::uuid[], $9::uuid[], $10::bigint[],
                   $11::bigint[], $12::bigint[], string_to_array($13, e'\\x1e'))
         n (id, project_id, workflow_id, version, trigger_id, status, priority, owner, parent_id, created_at,
            started_at, finished_at, error)`,
      [
        array(created.map((one) => one.executionId)),
        array(created.map((one) => one.projectId)),
        array(created.map((one) => one.create?.workflowId ?? null)),
        array(created.map((one) => one.create?.version ?? null)),
        texts(created.map((one) => one.create?.triggerId ?? '')),
        texts(created.map((one) => one.status)),
        array(created.map((one) => one.create?.priority ?? null)),
        array(created.map((one) => one.owner)),
        array(created.map((one) => one.create?.parentId ?? null)),
        array(created.map((one) => one.create?.createdAt ?? null)),
        array(created.map((one) => one.startedAt)),
        array(created.map((one) => one.finishedAt)),
        texts(created.map((one) => (one.error === null ? '' : JSON.stringify(one.error)))),
      ],
    ),
  ];
}
