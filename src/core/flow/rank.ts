/** By how much a step of priority goes ahead. */
const STEP_MS = 600_000;

/**
 * Place in the queue of a project, the smallest first: the time of creation (ms since the epoch), with each step of
 * priority as if it had come 10 minutes earlier. So nothing is overtaken for longer than that, and nothing starves.
 */
export function rankOf({ createdAt, priority }: { readonly createdAt: number; readonly priority: number }): number {
  return createdAt - priority * STEP_MS;
}
