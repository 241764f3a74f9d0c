/**
 * The work on one order: step after step, a few at a time, with what became of them. At most one order is worked on, and
 * what an earlier one still hears from the server is its own: it never counts for, or adds to, the present one.
 */

/** A letter that was refused by itself, and why. */
interface Refusal {
  readonly id: string;
  readonly message: string;
}

/** What became of a step. */
export interface Outcome {
  readonly done?: number;
  readonly refused?: number;
  readonly faults?: readonly Refusal[];
  /** The server said where to go on: this one is to be called again. */
  readonly isUnfinished?: boolean;
}

export type Step = () => Promise<Outcome>;

export interface Run {
  readonly state: 'working' | 'stopped' | 'ended';
  readonly done: number;
  /** Of many: how many were not taken, and why nobody says. */
  readonly refused: number;
  /** Of those that were chosen one by one: which, and why. */
  readonly faults: readonly Refusal[];
  /** Where it stopped, and why. */
  readonly error?: Error;
}

/** Requests at the same time. */
const AT_ONCE = 4;
const BEGIN: Run = { state: 'working', done: 0, refused: 0, faults: [] };

export class BulkRun {
  readonly #changed: (run: Run) => void;
  readonly #settled: () => Promise<void>;
  #rest: readonly Step[];
  #run = BEGIN;
  #isDropped = false;
  /** What is under way; whoever goes on waits for it, since only it knows what is left. */
  #work: Promise<void>;

  constructor(steps: readonly Step[], changed: (run: Run) => void, settled: () => Promise<void>) {
    this.#changed = changed;
    this.#settled = settled;
    this.#rest = steps;
    changed(BEGIN);
    this.#work = this.#go();
  }

  stop(): void {
    if (this.#run.state === 'working') this.#become({ ...this.#run, state: 'stopped' });
  }

  resume(): void {
    if (this.#run.state !== 'stopped') return;
    const { error: _, ...others } = this.#run;
    this.#become({ ...others, state: 'working' });
    this.#work = this.#work.then(() => this.#go());
  }

  /** Begins nothing more, and tells nobody of what is under way. */
  drop(): void {
    this.#isDropped = true;
    this.stop();
  }

  async #go(): Promise<void> {
    while (this.#rest.length > 0 && this.#run.state === 'working') {
      const now = this.#rest.slice(0, AT_ONCE);
      const results = await Promise.allSettled(now.map((step) => step()));
      const left = now.filter((_, at) => {
        const result = results[at];
        return result?.status === 'rejected' || result?.value.isUnfinished === true;
      });
      this.#rest = [...left, ...this.#rest.slice(now.length)];
      for (const result of results) if (result.status === 'fulfilled') this.#count(result.value);
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) this.#become({ ...this.#run, state: 'stopped', error: asError(failed.reason) });
    }
    if (this.#run.state === 'working') this.#become({ ...this.#run, state: 'ended' });
    await this.#settled();
  }

  #count({ done = 0, refused = 0, faults = [] }: Outcome): void {
    this.#become({
      ...this.#run,
      done: this.#run.done + done,
      refused: this.#run.refused + refused,
      faults: [...this.#run.faults, ...faults],
    });
  }

  #become(run: Run): void {
    this.#run = run;
    if (!this.#isDropped) this.#changed(run);
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
