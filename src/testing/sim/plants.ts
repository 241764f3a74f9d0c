/** Bugs to plant: a simulator that does not find them finds nothing. Never in the product, only in a run's store. */
import { addSignal, type Database } from '../../adapters/memory/database.ts';
import type { Commit } from '../../ports/store.ts';
import type { Plant } from './process.ts';

/** A commit is taken from anyone: one that was given up for dead and comes back writes on. */
export const ownerCheckRemoved: Plant = (inner, gate, database) => ({
  commit: (commits) =>
    gate(
      'commit',
      () => {
        for (const one of commits) makeOwner(database, one);
        return inner.executions.commit(commits);
      },
      commits,
    ),
});

/** The rows' own constraint is kept: an event of a number that is taken is refused. */
function makeOwner(database: Database, { executionId, writer, firstSeq }: Commit): void {
  const record = database.executions.get(executionId);
  if (record !== undefined && record.events.length + 1 === firstSeq) record.owner = writer;
}

/** A timer that is due is deleted, and its signal is written after that, instead of with it. */
export const timerDeletedBeforeItsSignal: Plant = (_, gate, database) => ({
  fireTimers: async (now, limit) => {
    const due = await gate('fireTimers', async () => takeDue(database, now, limit));
    await gate('signalTimers', async () => {
      for (const [timerId, executionId] of due) addSignal(database, executionId, { type: 'timer', timerId });
    });
    return { fired: due.length, nextAt: null };
  },
});

function takeDue(database: Database, now: number, limit: number): [timerId: string, executionId: string][] {
  const due = [...database.timers].filter(([, { at }]) => at <= now).slice(0, limit);
  for (const [timerId] of due) database.timers.delete(timerId);
  return due.map(([timerId, { executionId }]) => [timerId, executionId]);
}
