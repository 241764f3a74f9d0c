/**
 * Who writes calls of a project shares its lock; who changes its rules has it alone. So a rule that is new, or its
 * account that is counted from the books, misses no call, and calls never wait for each other here. The lock lasts
 * until the transaction ends. Taken in one order: no two transactions wait for each other.
 */
import { array } from './columns.ts';
import { type Query, query } from './query.ts';

/** "book" in ASCII, beside a number made of the project: those of two projects may meet, which only costs time. */
const LOCK = '1651470187';

export function lockBooks(projectIds: readonly string[], why: 'to write calls' | 'to change rules'): Query {
  const lock = why === 'to write calls' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  return query(
    `select ${lock}(${LOCK}, place)
       from (select distinct hashtext(id::text) as place from unnest($1::uuid[]) n (id) order by 1) o`,
    [array(projectIds)],
  );
}
