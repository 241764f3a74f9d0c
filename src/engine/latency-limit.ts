/**
 * How many calls to one dependency may be on their way, by how long they take: the limit grows by one for each round
 * of good answers and falls by a tenth when the mean of the last 100 passes one and a half of the target.
 * Additive increase, multiplicative decrease, after Chiu and Jain, "Analysis of the Increase and Decrease Algorithms
 * for Congestion Avoidance in Computer Networks", 1989.
 */

const SAMPLES = 100;
const TOLERANCE = 1.5;
const DECREASE = 0.9;

export class LatencyLimit {
  readonly #most: number;
  readonly #targetMs: number;
  readonly #last: number[] = [];
  #sum = 0;
  #limit: number;

  /** Begins at `most`, which it never passes. */
  constructor(most: number, targetMs: number) {
    this.#most = most;
    this.#targetMs = targetMs;
    this.#limit = most;
  }

  /** From 1 on. */
  get limit(): number {
    return Math.max(1, Math.floor(this.#limit));
  }

  /** A call ended after so many milliseconds. */
  took(ms: number): void {
    this.#last.push(ms);
    this.#sum += ms;
    if (this.#last.length > SAMPLES) this.#sum -= this.#last.shift()!;
    if (this.#last.length === SAMPLES && this.#sum > TOLERANCE * this.#targetMs * SAMPLES) this.#fall();
    else if (ms <= this.#targetMs) this.#limit = Math.min(this.#most, this.#limit + 1 / this.limit);
  }

  /** The calls that made it fall say nothing of how it goes after that. */
  #fall(): void {
    this.#limit = Math.max(1, this.#limit * DECREASE);
    this.#last.length = 0;
    this.#sum = 0;
  }
}
