/**
 * So many calls a minute: a bucket of that many tokens, which fills evenly, so that a burst after a pause goes at once.
 * Kept as the one time at which it would be full again, after the generic cell rate algorithm of ITU-T I.371.
 */

const MINUTE_MS = 60_000;

export class Pace {
  readonly #eachMs: number;
  #fullAt = 0;

  constructor(perMinute: number) {
    this.#eachMs = MINUTE_MS / perMinute;
  }

  /** Takes one; the milliseconds until it may be used. Who asked before goes before. */
  reserve(now: number): number {
    this.#fullAt = Math.max(this.#fullAt, now) + this.#eachMs;
    return Math.max(0, Math.ceil(this.#fullAt - MINUTE_MS - now));
  }

  /** One that was not used. */
  giveBack(): void {
    this.#fullAt -= this.#eachMs;
  }
}
