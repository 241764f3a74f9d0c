/**
 * Wrong tries by address, in this process: after ten within a minute the address waits until that minute is over.
 * Tokens of 256 bits are not guessed in any case; this keeps those who try from costing anything.
 */
import { MyelinError } from '../../core/errors.ts';

const ALLOWED = 10;
const WITHIN_MS = 60_000;
/** Addresses that are remembered. */
const MOST = 10_000;

export class Attempts {
  readonly #now: () => number;
  readonly #byAddress = new Map<string, { count: number; readonly until: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Throws `rate_limited`. Counts before it is known how the try ends, so that many at once are counted too. */
  async run<T>(address: string, attempt: () => Promise<T>): Promise<T> {
    const tries = this.#triesOf(address);
    if (tries.count >= ALLOWED) {
      const retryAfterMs = tries.until - this.#now();
      const seconds = Math.ceil(retryAfterMs / 1000);
      throw new MyelinError(
        'rate_limited',
        `${ALLOWED} wrong tries came from this address within a minute; it may try again in ${seconds} s.`,
        { retryAfterMs },
      );
    }
    tries.count += 1;
    let wrong = false;
    try {
      return await attempt();
    } catch (error) {
      wrong = error instanceof MyelinError && error.code === 'unauthorized';
      throw error;
    } finally {
      if (!wrong) tries.count -= 1;
    }
  }

  #triesOf(address: string): { count: number; readonly until: number } {
    const now = this.#now();
    const known = this.#byAddress.get(address);
    if (known !== undefined && known.until > now) return known;
    if (this.#byAddress.size >= MOST) this.#byAddress.clear();
    const fresh = { count: 0, until: now + WITHIN_MS };
    this.#byAddress.set(address, fresh);
    return fresh;
  }
}
