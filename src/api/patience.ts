/** No caller waits for a database that hangs longer than it was told. */
import { MyelinError } from '../core/errors.ts';
import type { Runtime } from '../ports/runtime.ts';

const LATE: unique symbol = Symbol('late');

/** What `work` resolves with; throws `store_unavailable` where that takes longer than `patienceMs`. */
export async function inTime<T>(runtime: Pick<Runtime, 'sleep'>, patienceMs: number, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = runtime.sleep(patienceMs, over.signal).then((): typeof LATE => LATE);
  // What fails too late is heard by nobody.
  work.catch(() => undefined);
  try {
    const first = await Promise.race([work, late]);
    if (first !== LATE) return first;
    throw new MyelinError('store_unavailable', `PostgreSQL did not answer within ${patienceMs} ms.`);
  } finally {
    over.abort('over');
  }
}
