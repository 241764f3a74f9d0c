/**
 * Writes a batch of commits as one transaction: first what can be refused (ownership, keys, late answers), then, for
 * those that stand, everything else at once. Without anything that can be refused there is one round trip less.
 */
import type { Shortage } from '../../ports/ledger.ts';
import type { Commit, CommitResult } from '../../ports/store.ts';
import { appendOfCommits } from './append-sessions.ts';
import { brokenUnique, isAfterFault, isConflict } from './failures.ts';
import { insertEvents } from './insert-events.ts';
import { insertExecutions } from './insert-executions.ts';
import { freeSlots, insertTickets, takeSlotsAgain } from './insert-flow.ts';
import { insertLetters, resolveLetters } from './insert-letters.ts';
import { insertMessages } from './insert-messages.ts';
import { closeWaits, openWaits, staleExecutions } from './insert-waits.ts';
import { disarmTimers, insertSignals, insertTimers, takeSignals } from './insert-wakeups.ts';
import type { Pool, Sql } from './sql.ts';
import { takeKeys } from './take-keys.ts';
import { updateOwned } from './update-owned.ts';
import { wake } from './wake.ts';
import { writeCalls } from './write-calls.ts';

export async function commit(sql: Pool, commits: readonly Commit[]): Promise<CommitResult[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sql.begin((tx) => writeCommits(tx, commits));
    } catch (error) {
      // Owned, lost and owned again: others have written meanwhile. With others in the batch, it is tried alone.
      if (brokenUnique(error)?.startsWith('events') && isOneOwned(commits)) return [{ result: 'stale' }];
      if (!isConflict(error) || attempt >= 5) throw error;
    }
  }
}

const isOneOwned = ([one, ...others]: readonly Commit[]) => others.length === 0 && one?.create === undefined;

/** Within a transaction of the caller's. */
export async function writeCommits(tx: Sql, commits: readonly Commit[]): Promise<CommitResult[]> {
  const created = commits.filter((one) => one.create !== undefined);
  const owned = commits.filter((one) => one.create === undefined);
  const stale = await staleExecutions(tx, owned);
  const fresh = stale.size === 0 ? owned : owned.filter((one) => !stale.has(one.executionId));
  const [mine, duplicates] = await Promise.all([updateOwned(tx, fresh), takeKeys(tx, created)]);
  const standing = commits.filter((one) =>
    one.create === undefined ? mine.has(one.executionId) : !duplicates.has(one.executionId),
  );
  const short = await writeAll(tx, withChildren(standing));
  return commits.map((one) => {
    const of = duplicates.get(one.executionId);
    if (of !== undefined) return { result: 'duplicate', of };
    if (one.create !== undefined || mine.has(one.executionId)) {
      const refused = short.get(one.executionId);
      return refused === undefined ? { result: 'committed' } : { result: 'committed', short: refused };
    }
    return { result: stale.has(one.executionId) ? 'stale' : 'refused' };
  });
}

/**
 * Pipelined: none waits for the one before. Of several that fail, the first is the cause and the others follow. Calls
 * come last: budgets are locked for as short as can be. Answers those that were refused, by execution.
 */
async function writeAll(tx: Sql, commits: readonly Commit[]): Promise<Map<string, Shortage[]>> {
  const writes = [
    insertExecutions(tx, commits),
    insertTickets(tx, commits),
    freeSlots(tx, commits),
    takeSlotsAgain(tx, commits),
    insertEvents(tx, commits),
    insertTimers(tx, commits),
    disarmTimers(tx, commits),
    takeSignals(tx, commits),
    insertSignals(tx, commits),
    insertMessages(
      tx,
      commits.flatMap((one) => one.messages ?? []),
    ),
    openWaits(tx, commits),
    closeWaits(tx, commits),
    resolveLetters(tx, commits),
    insertLetters(
      tx,
      commits.flatMap((one) => one.letter ?? []),
    ),
    appendOfCommits(tx, commits),
    wake(tx, commits),
  ];
  const short = writeCalls(tx, commits, Date.now());
  const done = await Promise.allSettled([...writes, short]);
  const faults = done.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (faults.length > 0) throw faults.find((fault) => !isAfterFault(fault)) ?? faults[0];
  return await short;
}

function withChildren(commits: readonly Commit[]): readonly Commit[] {
  if (commits.every((one) => one.children.length === 0)) return commits;
  return commits.flatMap((one) => [one, ...withChildren(one.children)]);
}
