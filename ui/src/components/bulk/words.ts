/** What is left of an order, in words. */
import type { Run } from './bulk-run.ts';

type Counts = Pick<Run, 'state' | 'done' | 'refused'> & { readonly faults: readonly unknown[] };

/** '' while it goes on, and where all was seen. */
export function aheadOf({ state, done, refused, faults }: Counts, total: number | undefined): string {
  const left = total === undefined ? undefined : Math.max(0, total - done - refused - faults.length);
  if (state === 'stopped') {
    const those =
      left === undefined ? 'The rest is left' : `${left.toLocaleString()} ${left === 1 ? 'is' : 'are'} left`;
    return `${those}. Going on is safe: nothing is done twice.`;
  }
  if (state === 'ended' && left !== undefined && left > 0)
    return `${left.toLocaleString()} had changed meanwhile and needed nothing`;
  return '';
}
