/**
 * News of one execution for those who follow it: at once for what this process commits, and after a pause in any
 * case, since another process may own it. It says only that something may have changed; look for yourself.
 */
import type { Outcomes } from '../engine/outcomes.ts';
import type { Runtime } from '../ports/runtime.ts';

export class Bell {
  readonly #runtime: Pick<Runtime, 'sleep'>;
  readonly #stop: () => void;
  #rung = false;
  #pause = new AbortController();

  constructor(outcomes: Outcomes, runtime: Pick<Runtime, 'sleep'>, executionId: string) {
    this.#runtime = runtime;
    this.#stop = outcomes.watch(executionId, () => this.ring());
  }

  ring(): void {
    this.#rung = true;
    this.#pause.abort();
  }

  /** Resolves when it rang since the last wait, or after `ms`. */
  async wait(ms: number): Promise<void> {
    if (!this.#rung) {
      this.#pause = new AbortController();
      await this.#runtime.sleep(ms, this.#pause.signal);
    }
    this.#rung = false;
  }

  close(): void {
    this.#stop();
    this.ring();
  }
}
