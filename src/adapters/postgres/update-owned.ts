import type { Commit } from '../../ports/store.ts';
import { array, texts } from './columns.ts';
import { type Query, query } from './query.ts';
import type { Sql } from './sql.ts';

/**
 * Moves the rows of executions that their writer still owns; the ids of these. The owner is compared in a way that no
 * index serves: without statistics the one by owner would be taken for each row, and read all that the worker has.
 */
const MOVE = `
     update workflow_executions e
        set status = u.status, owner = u.owner, started_at = u.started_at,
            finished_at = case when e.status = u.status then coalesce(u.finished_at, e.finished_at)
                               else u.finished_at end,
            error = nullif(u.error, '')::json
       from unnest($1::uuid[], $2::uuid[], string_to_array($3, e'\\x1e'), $4::uuid[], $5::bigint[], $6::bigint[],
                   string_to_array($7, e'\\x1e')) u (id, writer, status, owner, started_at, finished_at, error)
      where e.id = u.id and e.owner is not distinct from u.writer
      returning e.id`;

export async function updateOwned(tx: Sql, commits: readonly Commit[]): Promise<Set<string>> {
  if (commits.length === 0) return new Set();
  const rows = await tx.unsafe(MOVE, columnsOf(commits));
  return new Set(rows.map((row) => row.id as string));
}

/** As strong as an update, which takes twice as long and leaves a dead row behind. */
const HOLD = `
     select e.id from unnest($1::uuid[], $2::uuid[]) u (id, writer) join workflow_executions e on e.id = u.id
      where e.owner is not distinct from u.writer
        for no key update of e`;

/** It divides by zero where another is the owner of one. */
const ofAll = (text: string, count: string): string =>
  `with mine as (${text}) select 1 / (count(*) = ${count}::bigint)::int from mine`;
const MOVE_ALL = ofAll(MOVE, '$8');
const HOLD_ALL = ofAll(HOLD, '$3');

/** Of all or of none. */
export function updateAllOwned(commits: readonly Commit[]): Query[] {
  const [moved, held] = [commits.filter((one) => !one.unmoved), commits.filter((one) => one.unmoved)];
  const ids = [array(held.map((one) => one.executionId)), array(held.map((one) => one.writer))];
  return [
    ...(moved.length === 0 ? [] : [query(MOVE_ALL, [...columnsOf(moved), moved.length])]),
    ...(held.length === 0 ? [] : [query(HOLD_ALL, [...ids, held.length])]),
  ];
}

const columnsOf = (commits: readonly Commit[]): string[] => [
  array(commits.map((one) => one.executionId)),
  array(commits.map((one) => one.writer)),
  texts(commits.map((one) => one.status)),
  array(commits.map((one) => one.owner)),
  array(commits.map((one) => one.startedAt)),
  array(commits.map((one) => one.finishedAt)),
  texts(commits.map((one) => (one.error === null ? '' : JSON.stringify(one.error)))),
];
