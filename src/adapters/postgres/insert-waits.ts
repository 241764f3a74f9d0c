/** Questions to the outside that a batch of commits opens, changes and closes. */
import { waitIndex } from '../../core/wait-index.ts';
import type { Commit, OpenWait } from '../../ports/store.ts';
import { array, texts } from './columns.ts';
import { type Query, query } from './query.ts';
import type { Sql } from './sql.ts';

/** Executions whose commit must not stand: a question that is to expire has been answered meanwhile. */
export async function staleExecutions(tx: Sql, owned: readonly Commit[]): Promise<Set<string>> {
  const expired = owned.flatMap((one) =>
    (one.closes ?? []).filter((close) => close.expired).map(({ waitId }) => ({ one, waitId })),
  );
  if (expired.length === 0) return new Set();
  // The lock keeps an answer away until this transaction has ended.
  const rows = await tx.unsafe(
    `select w.execution_id, w.closed_by = 'answer' as answered
       from unnest($1::uuid[], $2::uuid[], $3::uuid[]) n (wait_id, execution_id, writer)
       join workflow_executions e on e.id = n.execution_id and e.owner is not distinct from n.writer
       join waits w on w.id = n.wait_id
      order by w.id
        for update of w`,
    [
      array(expired.map(({ waitId }) => waitId)),
      array(expired.map(({ one }) => one.executionId)),
      array(expired.map(({ one }) => one.writer)),
    ],
  );
  return new Set(rows.filter((row) => row.answered).map((row) => row.execution_id as string));
}

/** Of several for one question in a batch the last counts. */
export function openWaits(commits: readonly Commit[]): Query[] {
  const opened = new Map<string, { readonly one: Commit; readonly wait: OpenWait }>();
  for (const one of commits) for (const wait of one.opens ?? []) opened.set(wait.waitId, { one, wait });
  if (opened.size === 0) return [];
  const rows = [...opened.values()].map(({ one, wait }) => ({ one, wait, ...waitIndex(wait.kind, wait.details) }));
  return [
    query(
      `insert into waits (id, project_id, execution_id, workflow_id, path, kind, event_key, details, assignees, due_at,
                        created_at)
     select id, project_id, execution_id,
            (select workflow_id from workflow_executions e where e.id = n.execution_id),
            path, kind, nullif(event_key, ''), details::json, string_to_array(nullif(assignees, ''), e'\\x1f'), due_at,
            created_at
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], string_to_array($4, e'\\x1e'), string_to_array($5, e'\\x1e'),
                   string_to_array($6, e'\\x1e'), string_to_array($7, e'\\x1e'), string_to_array($8, e'\\x1e'),
                   $9::bigint[], $10::bigint[])
         n (id, project_id, execution_id, path, kind, event_key, details, assignees, due_at, created_at)
     on conflict (id) do update
        set details = excluded.details, assignees = excluded.assignees, due_at = excluded.due_at`,
      [
        array(rows.map(({ wait }) => wait.waitId)),
        array(rows.map(({ one }) => one.projectId)),
        array(rows.map(({ one }) => one.executionId)),
        texts(rows.map(({ wait }) => wait.path)),
        texts(rows.map(({ wait }) => wait.kind)),
        texts(rows.map(({ eventKey }) => eventKey ?? '')),
        texts(rows.map(({ wait }) => JSON.stringify(wait.details ?? null))),
        texts(rows.map(({ assignees }) => assignees?.join('\u001f') ?? '')),
        array(rows.map(({ due }) => due)),
        array(rows.map(({ one }) => timeOf(one))),
      ],
    ),
  ];
}

/** What an answer has closed already stays as it is. */
export function closeWaits(commits: readonly Commit[]): Query[] {
  const closes = commits.flatMap((one) => (one.closes ?? []).map((close) => ({ one, ...close })));
  if (closes.length === 0) return [];
  return [
    query(
      `update waits w set closed_at = n.at, closed_by = n.by
       from unnest($1::uuid[], $2::bigint[], string_to_array($3, e'\\x1e')) n (id, at, by)
      where w.id = n.id and w.closed_at is null`,
      [
        array(closes.map(({ waitId }) => waitId)),
        array(closes.map(({ one }) => timeOf(one))),
        texts(closes.map(({ expired }) => (expired ? 'time' : 'execution'))),
      ],
    ),
  ];
}

/** By the engine's clock. */
const timeOf = ({ events }: Commit): number => events.at(-1)?.at ?? 0;
