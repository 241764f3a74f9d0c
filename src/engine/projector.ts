/** Makes read models of what is new in sessions. News wakes it; it also looks by itself, since news is only a hint. */
import type { Runtime, Service } from '../ports/runtime.ts';
import type { SessionStore } from '../ports/sessions.ts';
import { SESSION_FOLDS } from '../projections/sessions.ts';
import type { Changed } from './changes.ts';
import { Loop } from './loop.ts';

export interface ProjectorOptions {
  readonly sessions: SessionStore;
  readonly runtime: Runtime;
  readonly changed?: Changed;
}

/** Sessions of one round. */
const BATCH = 100;
const LOOK_MS = 1_000;

export class Projector implements Service {
  readonly #sessions: SessionStore;
  readonly #changed: Changed | undefined;
  readonly #loop: Loop;

  constructor({ sessions, runtime, changed }: ProjectorOptions) {
    this.#sessions = sessions;
    this.#changed = changed;
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
    const projects = await this.#sessions.project(BATCH, SESSION_FOLDS);
    for (const projectId of new Set(projects)) this.#changed?.(projectId, ['sessions']);
    return projects.length < BATCH ? LOOK_MS : 0;
  }
}
