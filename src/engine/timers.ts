/** Turns timers that are due into signals. Any number of processes may do it: each timer is taken by one. */
import type { Runtime } from '../ports/runtime.ts';
import type { ExecutionStore } from '../ports/store.ts';
import { failpoint } from './failpoint.ts';
import { Loop } from './loop.ts';

export interface TimersOptions {
  readonly store: ExecutionStore;
  readonly runtime: Runtime;
  /** Somebody has signals now. */
  readonly fired: () => void;
}

/** Taken in one transaction. */
const BATCH = 1_000;
/** Longest pause: another process may have armed an earlier timer. */
const PAUSE_MS = 200;

export class Timers extends Loop {
  readonly #options: TimersOptions;

  constructor(options: TimersOptions) {
    super({ name: 'timers', runtime: options.runtime, round: () => this.#round() });
    this.#options = options;
  }

  async #round(): Promise<number> {
    const { store, runtime, fired: tell } = this.#options;
    failpoint('timers.before-fire');
    const { fired, nextAt } = await store.fireTimers(runtime.now(), BATCH);
    if (fired > 0) {
      failpoint('timers.after-fire');
      tell();
    }
    if (fired === BATCH) return 0;
    return nextAt === null ? PAUSE_MS : Math.min(PAUSE_MS, Math.max(1, nextAt - runtime.now()));
  }
}
