/**
 * Lets executions begin that flow control holds. Any number of processes may ask; the store lets one at a time look and
 * write, so limits hold across all of them. A round goes once around the lanes, some at a time, and begins where the
 * last one found something, so that lanes which share a limit take turns however many there are.
 */
import { admit } from '../core/flow/admit.ts';
import type { Admitted, FlowStore } from '../ports/flow.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import { Loop } from './loop.ts';

export interface AdmissionOptions {
  readonly store: FlowStore;
  readonly runtime: Runtime;
}

/** Lanes of one look, which is one transaction. */
const LANES = 200;
/** Longest pause: a process that heard of news may have died before it looked. */
const PAUSE_MS = 1_000;
/** A round over very many lanes rests so many times as long as it took. */
const REST = 10;

export class Admission implements Service {
  readonly #options: AdmissionOptions;
  readonly #loop: Loop;
  /** Where the next round begins. */
  #from = '';
  /** Executions that this process admitted. */
  admitted = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#loop = new Loop({ name: 'admission', runtime: options.runtime, round: () => this.#round() });
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

  /** Somebody waits now, or gave up what others wait for. */
  wake(): void {
    this.#loop.wake();
  }

  async #round(): Promise<number> {
    const began = this.#options.runtime.now();
    const from = this.#from;
    const round: Round = { looks: 0, dueMs: PAUSE_MS };
    const isOurs = await this.#sweep(round, from, null);
    // Where another process is at it, it hears what we heard, and looks again for us.
    if (!isOurs || (from !== '' && !(await this.#sweep(round, '', from)))) return PAUSE_MS;
    const rest = round.looks > 1 ? (this.#options.runtime.now() - began) * REST : 0;
    return round.dueMs === 0 ? 0 : Math.max(round.dueMs, rest);
  }

  /** Looks at the lanes behind `from` up to about `until`, or the last; false where another process is at it. */
  async #sweep(round: Round, from: string, until: string | null): Promise<boolean> {
    for (let at: string | null = from; at !== null && (until === null || at < until); ) {
      const found: Admitted | null = await this.#options.store.admit(at, LANES, admit);
      if (found === null) return false;
      const { admitted, more, dueMs, next } = found;
      this.admitted += admitted;
      if (admitted > 0) this.#from = next ?? '';
      round.looks += 1;
      round.dueMs = more ? 0 : Math.min(round.dueMs, dueMs ?? PAUSE_MS);
      at = next;
    }
    return true;
  }
}

interface Round {
  looks: number;
  /** Milliseconds until the next round. */
  dueMs: number;
}
