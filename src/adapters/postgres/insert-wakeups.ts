/** Timers and signals of a batch: armed and disarmed, posted and taken. */
import type { Commit } from '../../ports/store.ts';
import { array, texts } from './columns.ts';
import { type Query, query } from './query.ts';

export function insertTimers(commits: readonly Commit[]): Query[] {
  const timers = commits.flatMap((one) => one.arm.map((timer) => ({ ...timer, one })));
  if (timers.length === 0) return [];
  return [
    query(
      `insert into timers (id, project_id, execution_id, fire_at)
     select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[])`,
      [
        array(timers.map((timer) => timer.timerId)),
        array(timers.map((timer) => timer.one.projectId)),
        array(timers.map((timer) => timer.one.executionId)),
        array(timers.map((timer) => timer.at)),
      ],
    ),
  ];
}

export function disarmTimers(commits: readonly Commit[]): Query[] {
  const ids = commits.flatMap((one) => one.disarm);
  return ids.length === 0 ? [] : [query('delete from timers where id = any($1::uuid[])', [array(ids)])];
}

export function takeSignals(commits: readonly Commit[]): Query[] {
  const ids = commits.flatMap((one) => one.taken);
  if (ids.length === 0) return [];
  return [query('delete from signals where id = any($1::bigint[])', [array(ids)])];
}

export function insertSignals(commits: readonly Commit[]): Query[] {
  const posts = commits.flatMap((one) => one.posts);
  if (posts.length === 0) return [];
  return [
    query(
      `insert into signals (project_id, execution_id, type, body)
     select project_id, execution_id, type, body::json
       from unnest($1::uuid[], $2::uuid[], string_to_array($3, e'\\x1e'), string_to_array($4, e'\\x1e'))
         n (project_id, execution_id, type, body)`,
      [
        array(posts.map((post) => post.projectId)),
        array(posts.map((post) => post.executionId)),
        texts(posts.map((post) => post.signal.type)),
        texts(posts.map((post) => JSON.stringify(post.signal))),
      ],
    ),
  ];
}
