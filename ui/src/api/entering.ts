/** What a page shows first is read while it is gone to, so that it is drawn once, with what it shows. */

/** Longer than this nobody stays where they were: the page comes and says that it is loading. */
const WAITED_MS = 150;

/**
 * For the loader of a route. `cause` is its own: who stays on the page and only changes a filter waits for nothing, and the
 * page reads by itself. What goes wrong is said by the page, which reads it again.
 */
export async function entering(
  cause: 'enter' | 'stay' | 'preload',
  read: () => readonly Promise<unknown>[],
): Promise<void> {
  if (cause === 'stay') return;
  await Promise.race([Promise.allSettled(read()), new Promise((resolve) => setTimeout(resolve, WAITED_MS))]);
}
