/** What is to happen when, earliest first; what is due together happens in the order it was entered. A binary heap. */
export interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  /** Called off: it is passed over. */
  off: boolean;
}

export class Agenda {
  readonly #heap: Entry[] = [];
  #order = 0;

  add(at: number, run: () => void): Entry {
    const entry = { at, order: this.#order++, run, off: false };
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      if (isBefore(heap[above] as Entry, entry)) break;
      heap[index] = heap[above] as Entry;
      index = above;
    }
    heap[index] = entry;
    return entry;
  }

  /** Takes the next one that was not called off. */
  take(): Entry | undefined {
    for (let first = this.#pop(); first !== undefined; first = this.#pop()) if (!first.off) return first;
    return undefined;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Entry, heap[below] as Entry)) below += 1;
      if (isBefore(last, heap[below] as Entry)) break;
      heap[index] = heap[below] as Entry;
      index = below;
    }
    heap[index] = last;
    return first;
  }
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
