/** What bounds the requests of one poll: its `rate`, what its host takes, and the time that all of them may take. */
import { MyelinError } from '../core/errors.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Dependencies } from './dependencies.ts';

export interface PollTurnNeeds {
  /** Absent: hosts take whatever comes. */
  readonly dependencies?: Pick<Dependencies, 'enter'> | undefined;
  readonly runtime: Pick<Runtime, 'now' | 'sleep'>;
}

/** One look, of however many requests; who has it in hand has it for a little longer (`HELD_MS`). */
const LONGEST_MS = 120_000;

export class PollTurn {
  readonly #needs: PollTurnNeeds;
  readonly #projectId: string;
  readonly #gapMs: number;
  readonly #over = new AbortController();
  /** Ends when the process stops, or when it has taken too long. */
  readonly signal: AbortSignal;
  #lastAt: number | null = null;

  /** `gapMs`: between two of its requests; 0: as they come. */
  constructor(needs: PollTurnNeeds, projectId: string, gapMs: number, stopped: AbortSignal) {
    this.#needs = needs;
    this.#projectId = projectId;
    this.#gapMs = gapMs;
    this.signal = AbortSignal.any([stopped, this.#over.signal]);
    void needs.runtime.sleep(LONGEST_MS, this.#over.signal).then(() => {
      this.#over.abort(new MyelinError('timeout', `The poll took longer than ${LONGEST_MS / 1_000} s.`));
    });
  }

  /** When its next request may go; null: whenever. */
  get freeAt(): number | null {
    return this.#lastAt === null || this.#gapMs === 0 ? null : this.#lastAt + this.#gapMs;
  }

  end(): void {
    this.#over.abort(new MyelinError('interrupted', 'The poll is over.'));
  }

  /**
   * A request, or a statement, to what tasks know by the same `name`: they share limits and circuit. Throws
   * `circuit_open`, the reason of the signal, and what `run` throws.
   */
  async reach<T>(name: string | undefined, run: () => Promise<T>): Promise<T> {
    const { dependencies, runtime } = this.#needs;
    const waitMs = (this.freeAt ?? 0) - runtime.now();
    if (waitMs > 0) await runtime.sleep(waitMs, this.signal);
    this.signal.throwIfAborted();
    const place =
      name === undefined ? undefined : await dependencies?.enter({ projectId: this.#projectId, name }, this.signal);
    try {
      this.#lastAt = runtime.now();
      return await (place === undefined ? run() : place.call(this.signal, run));
    } finally {
      place?.leave();
    }
  }
}
