/**
 * Writes a batch of commits as one transaction. Nearly always nothing of it is refused: then all of it is one message,
 * which fails as a whole where something is. Else, first what can be refused (ownership, keys, late answers), then, for
 * those that stand, everything else.
 */
import type { Shortage } from '../../ports/ledger.ts';
import type { Commit, CommitResult } from '../../ports/store.ts';
import { appendOfCommits } from './append-sessions.ts';
import { brokenUnique, isAfterFault, isConflict, isRefusal, isUnavailable } from './failures.ts';
import { insertEvents } from './insert-events.ts';
import { insertExecutions } from './insert-executions.ts';
import { freeSlots, insertTickets, takeSlotsAgain } from './insert-flow.ts';
import { insertLetters, resolveLetters } from './insert-letters.ts';
import { insertMessages } from './insert-messages.ts';
import { closeWaits, openWaits, staleExecutions } from './insert-waits.ts';
import { disarmTimers, insertSignals, insertTimers, takeSignals } from './insert-wakeups.ts';
import { hasPlainCalls, writePlainCalls } from './plain-calls.ts';
import type { Query } from './query.ts';
import type { RuledProjects } from './ruled-projects.ts';
import { type Pool, runAll, type Sql } from './sql.ts';
import { takeBackEnds } from './take-back-ends.ts';
import { takeKeys } from './take-keys.ts';
import { updateAllOwned, updateOwned } from './update-owned.ts';
import { wake } from './wake.ts';
import { writeCalls } from './write-calls.ts';

export function committing(sql: Pool, ruled: RuledProjects): (commits: readonly Commit[]) => Promise<CommitResult[]> {
  return async (commits) => {
    const all = withChildren(commits);
    const paid = all.filter(({ calls, settles }) => calls !== undefined || settles !== undefined);
    if (!all.every(needsNoAnswer)) return await commitStepwise(sql, commits);
    if (await ruled.hasAny(paid.map(({ projectId }) => projectId))) return await commitStepwise(sql, commits);
    try {
      await sql.atOnce(everythingOf(all));
      return commits.map(() => ({ result: 'committed' }));
    } catch (error) {
      // Nobody knows what became of it, so it is not written again before it was looked for.
      if (isUnavailable(error)) throw error;
      if (isRefusal(error)) for (const { projectId } of paid) ruled.add(projectId);
      return await commitStepwise(sql, commits);
    }
  };
}

/** What it writes does not hang on what is there: whose key is taken, what number a session has come to. */
const needsNoAnswer = (one: Commit): boolean =>
  one.create?.key === undefined &&
  one.sessions === undefined &&
  hasPlainCalls(one) &&
  (one.closes ?? []).every((close) => !close.expired);

function everythingOf(commits: readonly Commit[]): Query[] {
  const owned = commits.filter((one) => one.create === undefined);
  return [
    ...takeBackEnds(owned),
    ...updateAllOwned(owned),
    ...writesOf(commits),
    ...writePlainCalls(commits, Date.now()),
  ];
}

async function commitStepwise(sql: Pool, commits: readonly Commit[]): Promise<CommitResult[]> {
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
  const [, mine, duplicates] = await Promise.all([
    runAll(tx, takeBackEnds(fresh)),
    updateOwned(tx, fresh),
    takeKeys(tx, created),
  ]);
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
  const writes = writesOf(commits).map((one) => runAll(tx, [one]));
  const appends = appendOfCommits(tx, commits);
  const short = writeCalls(tx, commits, Date.now());
  const done = await Promise.allSettled([...writes, appends, short]);
  const faults = done.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  if (faults.length > 0) throw faults.find((fault) => !isAfterFault(fault)) ?? faults[0];
  return await short;
}

/** What waits for no answer, none of its own and none of another. */
const writesOf = (commits: readonly Commit[]): Query[] => [
  ...insertExecutions(commits),
  ...insertTickets(commits),
  ...freeSlots(commits),
  ...takeSlotsAgain(commits),
  ...insertEvents(commits),
  ...insertTimers(commits),
  ...disarmTimers(commits),
  ...takeSignals(commits),
  ...insertSignals(commits),
  ...insertMessages(commits.flatMap((one) => one.messages ?? [])),
  ...openWaits(commits),
  ...closeWaits(commits),
  ...resolveLetters(commits),
  ...insertLetters(commits.flatMap((one) => one.letter ?? [])),
  ...wake(commits),
];

function withChildren(commits: readonly Commit[]): readonly Commit[] {
  if (commits.every((one) => one.children.length === 0)) return commits;
  return commits.flatMap((one) => [one, ...withChildren(one.children)]);
}
