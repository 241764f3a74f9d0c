/** Reading again what has changed: gathered for a while, and never begun anew while it is still under way. */

interface Options<T> {
  readonly read: (due: ReadonlySet<T>) => Promise<unknown>;
  /** Resolves after the least time between two readings. */
  readonly rest: () => Promise<void>;
}

/**
 * Answers what tells of changes. A reading that takes longer than changes need to come would otherwise be broken off by
 * the next one, over and over, and nobody would ever see its answer.
 */
export function gathered<T>({ read, rest }: Options<T>): (changed: Iterable<T>) => void {
  let due = new Set<T>();
  let isBusy = false;
  const work = async (): Promise<void> => {
    isBusy = true;
    while (due.size > 0) {
      await rest();
      const now = due;
      due = new Set();
      await read(now).catch(() => undefined);
    }
    isBusy = false;
  };
  return (changed) => {
    for (const one of changed) due.add(one);
    if (!isBusy && due.size > 0) void work();
  };
}
