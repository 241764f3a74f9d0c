/**
 * Changes of what groups of event triggers are made of. Of a project one changes at a time, and of all of them one waits
 * for rounds and steps. The others begin again a little later: nobody waits for them with a connection in hand, of which
 * a process has few.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { MyelinError } from '../../core/errors.ts';
import type { GroupStart } from '../../core/event-group.ts';
import { type NewPlace, placesFrom } from './group-places.ts';
import type { Pool, Sql } from './sql.ts';

/** Where a group begins that begins there; to be asked in the transaction of the change only. */
export type PlacesAt = (start: Exclude<GroupStart, 'latest'>) => readonly NewPlace[];

const PAUSE_MS = 25;
/** Some 30 s. */
const MOST_TRIES = 1_200;

/** What ends a try that may be made again. */
const BUSY = new Error('Others are at the groups.');

/** `work` in a transaction, more than once perhaps; what has been done of it before is rolled back. */
export async function changeGroups<T>(
  sql: Pool,
  projectId: string,
  now: number,
  work: (tx: Sql, placesAt: PlacesAt) => Promise<T>,
): Promise<T> {
  const known = new Map<GroupStart, readonly NewPlace[]>();
  const wanted = new Set<Exclude<GroupStart, 'latest'>>();
  const placesAt: PlacesAt = (start) => {
    const places = known.get(start);
    if (places !== undefined) return places;
    wanted.add(start);
    throw BUSY;
  };
  for (let tries = 1; tries < MOST_TRIES; tries += 1) {
    try {
      return await sql.begin((tx) => work(tx, placesAt));
    } catch (error) {
      if (error !== BUSY) throw error;
    }
    if (wanted.size === 0) await sleep(PAUSE_MS);
    // Without the locks: it may read long, and what is written meanwhile comes after it.
    for (const start of wanted) known.set(start, await placesFrom(sql, projectId, start, now));
    wanted.clear();
  }
  throw new MyelinError('store_unavailable', 'Other changes of workflows of the project take long; try again later.');
}

/** For those who change groups of the project. Before the locks of places and lanes. */
export const lockGroups = (tx: Sql, projectId: string): Promise<void> => lockOrEnd(tx, `event-groups/${projectId}`);

/** For those who will wait for rounds and steps, before they do. */
export const lockTurn = (tx: Sql): Promise<void> => lockOrEnd(tx, 'event-groups');

async function lockOrEnd(tx: Sql, name: string): Promise<void> {
  const [lock] = await tx`select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as mine`;
  if (!lock?.mine) throw BUSY;
}
