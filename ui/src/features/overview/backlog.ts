/** How many executions had not ended, over time: reckoned back from those there are now by what started and ended since. */
import type { Stats } from '../../../../src/contract/stats.ts';

/** The server counts the executions there are now so far. */
const MOST = 10_000;

/** At the end of each step; undefined where too many are there now to be counted. */
export function backlogOf({ series, queue }: Pick<Stats, 'series' | 'queue'>): readonly number[] | undefined {
  const present = [queue.queued, queue.running, queue.waiting];
  if (present.some((one) => one >= MOST)) return undefined;
  let left = present.reduce((sum, one) => sum + one, 0);
  const back: number[] = [];
  for (const { started, completed, failed, compensated, canceled } of series.toReversed()) {
    back.push(left);
    // What was led on after a failure counts as ended once only; what has just happened may not be counted yet.
    left = Math.max(0, left - started + completed + failed + compensated + canceled);
  }
  return back.toReversed();
}
