/**
 * Latencies in constant memory, after HdrHistogram: 1,024 linear steps in each power of two of microseconds,
 * so that every value is kept within 0.1 %, up to 35 minutes.
 */
const STEP_BITS = 10;
const STEPS = 1 << STEP_BITS;
const LARGEST = 2 ** 31 - 1;
const SHIFTS = 31 - STEP_BITS;

export class Histogram {
  private readonly counts = new Uint32Array((SHIFTS + 1) * STEPS);
  private largest = 0;
  private total = 0;

  get count(): number {
    return this.total;
  }

  /** In milliseconds, exact. */
  get max(): number {
    return this.largest;
  }

  record(ms: number): void {
    const us = Math.min(LARGEST, Math.max(0, Math.round(ms * 1000)));
    const shift = Math.max(0, 31 - STEP_BITS - Math.clz32(us));
    const index = shift * STEPS + (us >>> shift);
    this.counts[index]! += 1;
    this.total += 1;
    if (ms > this.largest) this.largest = ms;
  }

  /** The value in milliseconds that the fraction `share` (0 to 1) of all values does not exceed; 0 when empty. */
  percentile(share: number): number {
    let left = Math.max(1, Math.ceil(share * this.total));
    for (const [index, count] of this.counts.entries()) {
      left -= count;
      if (left <= 0 && count > 0) return Math.min(this.largest, highest(index) / 1000);
    }
    return this.largest;
  }
}

/** Largest microseconds that fall on the index. From the second power on, only the upper half of the steps is used. */
function highest(index: number): number {
  if (index < 2 * STEPS) return index;
  const shift = Math.floor(index / STEPS) - 1;
  const step = index - shift * STEPS;
  return (step + 1) * 2 ** shift - 1;
}
