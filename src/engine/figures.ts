/**
 * Keeps figures over time: counts the minutes that may still change anew every few seconds, and catches up with those
 * that passed while nobody did. Any number of processes may do it: the store lets one at a time.
 */
import { type FigureStore, MINUTE_MS } from '../ports/figures.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import { Loop } from './loop.ts';

export interface FiguresOptions {
  readonly store: FigureStore;
  readonly runtime: Runtime;
}

const EVERY_MS = 5_000;
/** A round over very many executions rests so many times as long as it took. */
const REST = 10;
/** Counted in one round; also how much is counted in one transaction when catching up. */
const MINUTES = 10;
/**
 * After so long nothing that happened in a minute is on its way any more: a transaction is seen or gone after 35 s, by
 * the time-outs of statements and connections (adapters/postgres/sql.ts), and the rest is for its turn at the committer
 * and for clocks that differ. Where the database was away, commits wait for it with times of long ago: so nothing is
 * settled before it has answered for as long again. Only what a process writes that alone was cut off for longer, while
 * the others were not, comes too late to be counted.
 */
const SETTLE_MS = 60_000;
/** Figures are kept for so long. */
export const KEEP_FIGURES_MS = 90 * 86_400_000;

export class Figures implements Service {
  readonly #options: FiguresOptions;
  readonly #loop: Loop;
  /** Since when the database has answered without a break; null: it does not. */
  #steadySince: number | null = null;
  /** In which it last looked how many executions there are. */
  #lookedIn = 0;

  constructor(options: FiguresOptions) {
    this.#options = options;
    this.#loop = new Loop({ name: 'figures', runtime: options.runtime, round: () => this.#round() });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async runOnce(): Promise<void> {
    await this.#round();
  }

  async #round(): Promise<number> {
    const { store, runtime } = this.#options;
    const began = runtime.now();
    this.#steadySince ??= began;
    const settles = began - this.#steadySince >= SETTLE_MS;
    try {
      const since = began - KEEP_FIGURES_MS;
      const minute = Math.floor(began / MINUTE_MS);
      const looks = minute !== this.#lookedIn;
      const counted = await store.count({ minutes: MINUTES, settleMs: SETTLE_MS, settles, since, looks });
      if (counted !== null) this.#lookedIn = minute;
      const took = Math.max(0, runtime.now() - began);
      return counted?.behind === true ? took : Math.max(EVERY_MS, took * REST);
    } catch (error) {
      this.#steadySince = null;
      throw error;
    }
  }
}
