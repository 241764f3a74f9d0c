/** Turns timers that are due into signals. Any number of processes may do it: each timer is taken by one. */
import type { Runtime, Service } from '../ports/runtime.ts';
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

export class Timers implements Service {
  readonly #options: TimersOptions;
  readonly #loop: Loop;

  constructor(options: TimersOptions) {
    this.#options = options;
    this.#loop = new Loop({ name: 'timers', runtime: options.runtime, round: () => this.#round() });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  runOnce(): Promise<void> {
    return this.#loop.runOnce();
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
