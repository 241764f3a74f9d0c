/** Keeps brokers from filling the queue without end: while very many executions wait, messages wait where they are. */
import type { Runtime } from '../ports/runtime.ts';
import type { ExecutionStore } from '../ports/store.ts';

/** Executions that may wait for a worker before no more messages are taken. */
const LIMIT = 10_000;
/** Between two looks. */
const EVERY_MS = 1_000;

export class Room {
  readonly #store: Pick<ExecutionStore, 'queued'>;
  readonly #runtime: Pick<Runtime, 'now' | 'sleep'>;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(store: Pick<ExecutionStore, 'queued'>, runtime: Pick<Runtime, 'now' | 'sleep'>) {
    this.#store = store;
    this.#runtime = runtime;
  }

  /** Resolves when there is some, or the signal aborts. Where the store is away nobody waits here. */
  async wait(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#isDue() && (await this.#isFull())) await this.#runtime.sleep(EVERY_MS, signal);
  }

  #isDue(): boolean {
    const passed = this.#runtime.now() - this.#lookedAt;
    // A clock that was set back must not put it off.
    return passed < 0 || passed >= EVERY_MS;
  }

  async #isFull(): Promise<boolean> {
    const waiting = await this.#store.queued(LIMIT + 1).catch(() => 0);
    const isFull = waiting > LIMIT;
    if (!isFull) this.#lookedAt = this.#runtime.now();
    return isFull;
  }
}
