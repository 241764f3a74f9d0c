/**
 * Knows whether so many executions wait for a worker that no more should come in. It is sampled, so that a request
 * costs nothing; while the database does not answer, the last answer stands.
 */
import { MyelinError } from '../core/errors.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { ExecutionStore } from '../ports/store.ts';
import { Loop } from './loop.ts';

export interface BacklogOptions {
  readonly store: ExecutionStore;
  readonly runtime: Runtime;
  /** Executions that may wait. */
  readonly limit: number;
}

const EVERY_MS = 1_000;
/** What a caller who is refused is asked to wait. */
const RETRY_AFTER_MS = 5_000;

export class Backlog extends Loop {
  readonly #options: BacklogOptions;
  #full = false;

  constructor(options: BacklogOptions) {
    super({ name: 'backlog', runtime: options.runtime, round: () => this.#round() });
    this.#options = options;
  }

  get full(): boolean {
    return this.#full;
  }

  /** Throws `overloaded` while too many wait. */
  check(): void {
    if (!this.#full) return;
    const message = `More than ${this.#options.limit} executions wait for a worker.`;
    throw new MyelinError('overloaded', message, { retryAfterMs: RETRY_AFTER_MS });
  }

  async #round(): Promise<number> {
    const { store, limit, runtime } = this.#options;
    const full = (await store.queued(limit + 1)) > limit;
    if (full && !this.#full) runtime.log.warn({ limit }, 'too many executions wait; webhooks are refused');
    this.#full = full;
    return EVERY_MS;
  }
}
