/** Makes read models of what is new in sessions. News wakes it; it also looks by itself, since news is only a hint. */
import type { Runtime, Service } from '../ports/runtime.ts';
import type { SessionStore } from '../ports/sessions.ts';
import { SESSION_FOLDS } from '../projections/sessions.ts';
import { Loop } from './loop.ts';

export interface ProjectorOptions {
  readonly sessions: SessionStore;
  readonly runtime: Runtime;
}

/** Sessions of one round. */
const BATCH = 100;
const LOOK_MS = 1_000;

export class Projector implements Service {
  readonly #sessions: SessionStore;
  readonly #loop: Loop;

  constructor({ sessions, runtime }: ProjectorOptions) {
    this.#sessions = sessions;
    this.#loop = new Loop({ name: 'projector', runtime, round: () => this.#round() });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  wake(): void {
    this.#loop.wake();
  }

  runOnce(): Promise<void> {
    return this.#loop.runOnce();
  }

  /** Fewer than it could have taken: that was all. */
  async #round(): Promise<number> {
    return (await this.#sessions.project(BATCH, SESSION_FOLDS)) < BATCH ? LOOK_MS : 0;
  }
}
