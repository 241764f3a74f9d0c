/**
 * Blobs are shared by content. Who writes one finds it there and leaves it; who removes one finds no event that has
 * it: without a lock both could be right and the event would lose its data. Writers share the lock, so they never
 * wait for each other; it lasts until the transaction ends.
 */
import { type Query, query } from './query.ts';

/** "blob" in ASCII: any number would do, as long as it is always the same. */
const LOCK = '1651273570';

export function lockBlobs(why: 'to write' | 'to remove'): Query {
  const lock = why === 'to write' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  return query(`select ${lock}(${LOCK})`);
}
