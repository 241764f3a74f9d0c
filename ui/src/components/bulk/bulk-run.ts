/**
 * The work on one order: part after part, a few at a time, with what became of them. What an earlier order still hears
 * from the server is its own: it never counts for, or adds to, the present one.
 */

/** One that was refused by itself, and why. */
interface Refusal {
  readonly id: string;
  readonly message: string;
}

/** What became of a part. */
export interface Outcome<Part> {
  readonly done?: number;
  readonly refused?: number;
  readonly faults?: readonly Refusal[];
  /** The server said where to go on: this is what is left of it. */
  readonly rest?: Part;
}

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

export interface BulkRunOptions<Part> {
  readonly parts: readonly Part[];
  /** Asks the server for a part; asked again, it does nothing twice. */
  readonly act: (part: Part) => Promise<Outcome<Part>>;
  /** Also of what is left then. */
  readonly changed: (run: Run, rest: readonly Part[]) => void;
  readonly settled: () => Promise<void>;
  /** One that was cut off: it waits until somebody goes on. */
  readonly before?: Omit<Run, 'error'>;
}

export class BulkRun<Part> {
  readonly #options: BulkRunOptions<Part>;
  #rest: readonly Part[];
  #run: Run;
  #isDropped = false;
  /** What is under way; whoever goes on waits for it, since only it knows what is left. */
  #work: Promise<void>;

  constructor(options: BulkRunOptions<Part>) {
    this.#options = options;
    this.#rest = options.parts;
    this.#run = options.before ? { ...options.before, state: 'stopped' } : BEGIN;
    options.changed(this.#run, this.#rest);
    this.#work = options.before ? Promise.resolve() : this.#go();
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
      const results = await Promise.allSettled(now.map((part) => this.#options.act(part)));
      const left = now.flatMap((part, at) => {
        const result = results[at];
        if (result?.status !== 'fulfilled') return [part];
        return result.value.rest === undefined ? [] : [result.value.rest];
      });
      this.#rest = [...left, ...this.#rest.slice(now.length)];
      for (const result of results) if (result.status === 'fulfilled') this.#count(result.value);
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) this.#become({ ...this.#run, state: 'stopped', error: asError(failed.reason) });
    }
    if (this.#run.state === 'working') this.#become({ ...this.#run, state: 'ended' });
    await this.#options.settled();
  }

  #count({ done = 0, refused = 0, faults = [] }: Outcome<Part>): void {
    this.#become({
      ...this.#run,
      done: this.#run.done + done,
      refused: this.#run.refused + refused,
      faults: [...this.#run.faults, ...faults],
    });
  }

  #become(run: Run): void {
    this.#run = run;
    if (!this.#isDropped) this.#options.changed(run, this.#rest);
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
