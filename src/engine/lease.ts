/**
 * A worker's lease as the worker itself knows it. The database decides who is dead; but a process that was paused, or
 * could not reach the database, for as long as the lease lasts may have been given up meanwhile. It starts no task
 * before it was heard again, so that it does not act beside the one that took over (fault F6).
 */
import type { Runtime } from '../ports/runtime.ts';

export class Lease {
  readonly ms: number;
  /** Called when somebody waits for the lease. */
  wanted: () => void = () => undefined;
  readonly #runtime: Pick<Runtime, 'now'>;
  #heardAt = Number.NEGATIVE_INFINITY;
  #waiting: (() => void)[] = [];

  constructor(ms: number, runtime: Pick<Runtime, 'now'>) {
    this.ms = ms;
    this.#runtime = runtime;
  }

  /** When the database was last told that the worker lives. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** False once others may have taken over; also after the clock was set back, when nobody knows. */
  get held(): boolean {
    const silent = this.#runtime.now() - this.#heardAt;
    return silent >= 0 && silent < this.ms;
  }

  /** The database has heard of the worker: `at` is when it was told, not when it answered. */
  heard(at: number): void {
    this.#heardAt = at;
    if (this.held) for (const go of this.#waiting.splice(0)) go();
  }

  /** Resolves when the lease is held. */
  async untilHeld(): Promise<void> {
    if (this.held) return;
    const held = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.wanted();
    await held;
  }
}
