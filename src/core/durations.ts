/**
 * How long many executions took, kept as counts in buckets of a logarithmic scale, from which percentiles are read to
 * within a fifth or so. Buckets of several times can be added up, which percentiles cannot.
 */

/** Begins of buckets in milliseconds: powers of two and the middles between them, to 24 days. The first ends at 1 ms. */
export const DURATION_BOUNDS: readonly number[] = Array.from({ length: 32 }, (_, power) =>
  power === 0 ? [1] : [2 ** power, 1.5 * 2 ** power],
).flat();

/** By bucket: how many of its bounds are at or below what is in it. */
export type Durations = Map<number, number>;

export function bucketOf(ms: number): number {
  const above = DURATION_BOUNDS.findIndex((bound) => bound > ms);
  return above < 0 ? DURATION_BOUNDS.length : above;
}

/** `bucket:count`, joined by spaces; a bucket may come several times, so texts can be joined. */
export function parseDurations(text: string): Durations {
  const durations: Durations = new Map();
  for (const pair of text.split(' ')) {
    const colon = pair.indexOf(':');
    if (colon < 0) continue;
    const bucket = Number(pair.slice(0, colon));
    durations.set(bucket, (durations.get(bucket) ?? 0) + Number(pair.slice(colon + 1)));
  }
  return durations;
}

export function printDurations(durations: Durations): string {
  return [...durations].map(([bucket, count]) => `${bucket}:${count}`).join(' ');
}

/** In milliseconds, `share` being between 0 and 1; null where there are none. Within a bucket all are evenly spread. */
export function percentile(durations: Durations, share: number): number | null {
  const sorted = [...durations].sort(([a], [b]) => a - b);
  let left = share * sorted.reduce((sum, [, count]) => sum + count, 0);
  let found: number | null = null;
  for (const [bucket, count] of sorted) {
    const from = DURATION_BOUNDS[bucket - 1] ?? 0;
    const to = DURATION_BOUNDS[bucket] ?? from;
    found = Math.round(from + (to - from) * Math.min(1, left / count));
    if (left <= count) break;
    left -= count;
  }
  return found;
}
