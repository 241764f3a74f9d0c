/** A background round that repeats: after a pause, or at once when somebody wakes it. Errors are logged, never fatal. */
import { toErrorInfo } from '../core/errors.ts';
import type { Runtime, Service } from '../ports/runtime.ts';

export interface LoopOptions {
  readonly name: string;
  readonly runtime: Runtime;
  /** One round; says in how many milliseconds the next is due. */
  readonly round: () => Promise<number>;
}

/** After a failed round. */
const PAUSE_AFTER_ERROR_MS = 500;

export class Loop implements Service {
  readonly #options: LoopOptions;
  #stopped = true;
  #woken = false;
  #pause = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#pause.abort('stopped');
    await this.#running;
  }

  async runOnce(): Promise<void> {
    await this.#options.round();
  }

  /** The next round begins now, or right after the present one. */
  wake(): void {
    this.#woken = true;
    this.#pause.abort('woken');
  }

  async #run(): Promise<void> {
    const { runtime } = this.#options;
    while (!this.#stopped) {
      this.#woken = false;
      const delay = await this.#attempt();
      if (this.#stopped || this.#woken) continue;
      this.#pause = new AbortController();
      await runtime.sleep(delay, this.#pause.signal);
    }
  }

  async #attempt(): Promise<number> {
    const { name, runtime, round } = this.#options;
    try {
      return await round();
    } catch (error) {
      runtime.log.warn({ service: name, error: toErrorInfo(error, 'internal') }, `${name} could not do its round`);
      return PAUSE_AFTER_ERROR_MS;
    }
  }
}
