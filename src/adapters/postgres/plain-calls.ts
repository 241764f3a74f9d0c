/**
 * Paid calls that no budget counts, which is how most begin and end: they are written without a question. Where a budget
 * counts one after all, its statement divides by zero, and nothing of the transaction stands.
 */
import type { NewCall } from '../../ports/ledger.ts';
import type { Commit } from '../../ports/store.ts';
import { lockBooks } from './books-lock.ts';
import { callsOf } from './calls-of.ts';
import { array } from './columns.ts';
import { openCalls, settlePlainCalls } from './model-calls.ts';
import { type Query, query } from './query.ts';

export const isPlain = ({ accounts }: NewCall): boolean => accounts.length === 0;

/** True where no budget of a definition counts the calls; those of their project may. */
export const hasPlainCalls = ({ calls = [], settles = [] }: Commit): boolean =>
  calls.every(isPlain) && settles.every(({ budgeted }) => !budgeted);

export function writePlainCalls(commits: readonly Commit[], now: number): Query[] {
  const calls = callsOf(commits, now);
  if (calls === undefined) return [];
  const { opened, settlements, projectIds } = calls;
  const ids = [array(projectIds)];
  return [
    lockBooks(projectIds, 'to write calls'),
    // A statement of its own behind the lock: it sees the rule of whoever had it before.
    query('select 1 / (not exists (select from budget_rules where project_id = any($1::uuid[])))::int', ids),
    ...settlePlainCalls(settlements),
    ...openCalls(opened, 'all'),
  ];
}
