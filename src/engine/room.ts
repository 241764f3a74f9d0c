/**
 * Keeps a broker trigger from filling the database without end: while very many executions wait, messages wait where
 * they are. Those count that wait for a worker in the project of the trigger, and its own that wait for their turn in a
 * session or another limit; those of other projects do not, since each has its share of the workers.
 */
import type { Runtime } from '../ports/runtime.ts';
import type { ExecutionStore, TriggerPlace } from '../ports/store.ts';

/** Executions that may wait before no more messages are taken. */
const LIMIT = 10_000;
/** Between two looks. */
const EVERY_MS = 1_000;

export class Room {
  readonly #store: Pick<ExecutionStore, 'ahead'>;
  readonly #runtime: Pick<Runtime, 'now' | 'sleep'>;
  readonly #of: TriggerPlace;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(store: Pick<ExecutionStore, 'ahead'>, runtime: Pick<Runtime, 'now' | 'sleep'>, of: TriggerPlace) {
    this.#store = store;
    this.#runtime = runtime;
    this.#of = of;
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
    const waiting = await this.#store.ahead(this.#of, LIMIT + 1).catch(() => 0);
    const isFull = waiting > LIMIT;
    if (!isFull) this.#lookedAt = this.#runtime.now();
    return isFull;
  }
}
