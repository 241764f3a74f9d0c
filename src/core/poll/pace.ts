/** When the next poll comes. */

/** A poll that fails again and again comes at least so often, unless it never did. */
const LONGEST_PAUSE_MS = 15 * 60_000;

/** Milliseconds after a success; with `more`, what is left is fetched at once. */
export const pauseAfter = (everyMs: number, more: boolean): number => (more ? 0 : everyMs);

/** After this many failures in a row, from 1; the target may ask for a longer pause. */
export function pauseAfterFailure(everyMs: number, failures: number, askedMs = 0): number {
  const most = Math.max(everyMs, LONGEST_PAUSE_MS);
  return Math.max(askedMs, Math.min(most, everyMs * 2 ** Math.min(failures - 1, 20)));
}
