/** Makes read models of what is new in sessions. News wakes it; it also looks by itself, since news is only a hint. */
import type { Runtime } from '../ports/runtime.ts';
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

export class Projector extends Loop {
  readonly #sessions: SessionStore;
  readonly #changed: Changed | undefined;

  constructor({ sessions, runtime, changed }: ProjectorOptions) {
    super({ name: 'projector', runtime, round: () => this.#round() });
    this.#sessions = sessions;
    this.#changed = changed;
  }

  /** Fewer than it could have taken: that was all. */
  async #round(): Promise<number> {
    const projects = await this.#sessions.project(BATCH, SESSION_FOLDS);
    for (const projectId of new Set(projects)) this.#changed?.(projectId, ['sessions']);
    return projects.length < BATCH ? LOOK_MS : 0;
  }
}
