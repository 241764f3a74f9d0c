/**
 * Removes executions, sessions, dead letters and blobs that have outlived the rules, in passes, each by one process. A
 * pass goes batch by batch, and rests after each as long as it took, so that the work of the day has the database at
 * least half of the time.
 */
import { overlayRetention, type RetentionRules, sweepsOf } from '../core/retention.ts';
import type { FigureStore } from '../ports/figures.ts';
import type { RetentionStore } from '../ports/retention.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { SessionStore } from '../ports/sessions.ts';
import type { Changed } from './changes.ts';
import { KEEP_FIGURES_MS } from './figures.ts';
import { Loop } from './loop.ts';

export interface RetentionOptions {
  readonly store: RetentionStore;
  readonly figures: FigureStore;
  readonly runtime: Runtime;
  readonly rules: RetentionRules;
  readonly sessions: Pick<SessionStore, 'removeEnded'>;
  /** After their end; null: for ever. */
  readonly keepSessionsMs: number | null;
  readonly changed?: Changed;
}

/** From the begin of a pass to that of the next. */
const EVERY_MS = 10 * 60_000;
/** A look whether the next pass may begin. */
const LOOK_MS = 60_000;
/** Executions removed in one transaction. */
const BATCH = 1_000;
/** Sessions removed in one transaction: each may have as many events as hundreds of executions. */
const SESSION_BATCH = 100;

/** Files of messages removed in one statement: each may be as large as a message of a broker. */
const FILE_BATCH = 20;
/** The shortest time for which letters and files are left alone: a file is there before the letter that has it. */
const DAY_MS = 86_400_000;

export class Retention implements Service {
  readonly #options: RetentionOptions;
  readonly #loop: Loop;
  /** The pass that this process is at. */
  #pass: AsyncGenerator<void> | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#loop = new Loop({ name: 'retention', runtime: options.runtime, round: () => this.#round() });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** A whole pass, at once, however long ago the last one was. */
  async runOnce(): Promise<void> {
    if (await this.#options.store.begin(0)) for await (const _ of this.#batches());
  }

  /** One batch of a pass, so that the process can stop in between. */
  async #round(): Promise<number> {
    const { store, runtime } = this.#options;
    if (this.#pass === undefined) {
      if (!(await store.begin(EVERY_MS))) return LOOK_MS;
      this.#pass = this.#batches();
    }
    const began = runtime.now();
    try {
      const { done } = await this.#pass.next();
      if (done !== true) return Math.max(0, runtime.now() - began);
    } catch (error) {
      this.#pass = undefined;
      throw error;
    }
    this.#pass = undefined;
    return LOOK_MS;
  }

  async *#batches(): AsyncGenerator<void> {
    const { store, figures, runtime, rules, changed } = this.#options;
    let removed = 0;
    let heardAt = runtime.now();
    for (const workflow of await store.workflows()) {
      for (const sweep of sweepsOf(overlayRetention(rules, workflow.settings), runtime.now())) {
        let after: string | null = null;
        do {
          const batch = await store.remove(workflow, sweep, after, BATCH);
          removed += batch.removed;
          after = batch.next;
          if (batch.removed > 0) changed?.(workflow.projectId, ['executions', 'dead-letters']);
          if (batch.removed > 0 || runtime.now() - heardAt > LOOK_MS / 4) {
            await store.progress(removed, false);
            heardAt = runtime.now();
            yield;
          }
        } while (after !== null);
      }
    }
    const sessions = yield* this.#sessions();
    const { letters, files } = yield* this.#leftOvers();
    await figures.forget(runtime.now() - KEEP_FIGURES_MS);
    const months = await store.dropMonths();
    await store.progress(removed, true);
    if (removed > 0 || months.length > 0) runtime.log.info({ removed, months }, 'executions were removed by their age');
    if (sessions > 0) runtime.log.info({ removed: sessions }, 'sessions were removed by their age');
    if (letters + files > 0) runtime.log.info({ letters, files }, 'dead letters and blobs were removed by their age');
  }

  /** How many have gone. */
  async *#sessions(): AsyncGenerator<void, number> {
    const { sessions, keepSessionsMs, runtime, changed } = this.#options;
    if (keepSessionsMs === null) return 0;
    for (let removed = 0; ; ) {
      const gone = await sessions.removeEnded(runtime.now() - keepSessionsMs, SESSION_BATCH);
      removed += gone.length;
      for (const projectId of new Set(gone.map((one) => one.projectId))) changed?.(projectId, ['sessions']);
      if (gone.length < SESSION_BATCH) return removed;
      yield;
    }
  }

  /** By the age of what failed: letters whose execution is gone, and then blobs that no letter has. How many have gone. */
  async *#leftOvers(): AsyncGenerator<void, { letters: number; files: number }> {
    const { store, rules, runtime } = this.#options;
    const { ageMs } = rules.failed;
    if (ageMs === null) return { letters: 0, files: 0 };
    const before = runtime.now() - Math.max(ageMs, DAY_MS);
    const letters = yield* repeated(BATCH, () => store.removeLetters(before, BATCH));
    const files = yield* repeated(FILE_BATCH, () => store.removeFiles(before, FILE_BATCH));
    return { letters, files };
  }
}

/** Until there is less than a batch of it; how many. */
async function* repeated(batch: number, remove: () => Promise<number>): AsyncGenerator<void, number> {
  for (let removed = 0; ; ) {
    const gone = await remove();
    removed += gone;
    if (gone < batch) return removed;
    yield;
  }
}
