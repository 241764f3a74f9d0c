/** Lets so many in at a time; the others wait their turn, first come, first served. */

interface Waiting {
  readonly go: () => void;
  readonly refuse: (reason: unknown) => void;
}

export class Gate {
  readonly #waiting = new Set<Waiting>();
  #limit: number;
  #inside = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get limit(): number {
    return this.#limit;
  }

  /** A lower one sends nobody out. */
  set limit(limit: number) {
    this.#limit = limit;
    this.#admit();
  }

  /** True: the caller is in, at once. Nobody overtakes those who wait. */
  tryEnter(): boolean {
    if (this.#inside >= this.#limit || this.#waiting.size > 0) return false;
    this.#inside += 1;
    return true;
  }

  /** Resolves when the caller is in. Rejects with the reason of the signal, or of `refuse`: it is not in then. */
  enter(signal: AbortSignal): Promise<void> {
    if (this.tryEnter()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const end = (): void => {
        this.#waiting.delete(waiting);
        signal.removeEventListener('abort', stop);
      };
      const refuse = (reason: unknown): void => {
        end();
        reject(reason);
      };
      const stop = (): void => refuse(signal.reason);
      const go = (): void => {
        end();
        resolve();
      };
      const waiting = { go, refuse };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  leave(): void {
    this.#inside -= 1;
    this.#admit();
  }

  /** Sends away all who wait. */
  refuse(reason: unknown): void {
    for (const one of [...this.#waiting]) one.refuse(reason);
  }

  #admit(): void {
    for (const one of this.#waiting) {
      if (this.#inside >= this.#limit) return;
      this.#inside += 1;
      one.go();
    }
  }
}
