/** The spans of time one looks back, and the steps they are drawn in. */
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export const RANGES = {
  '1h': { label: '1 h', words: 'the last hour', step: '1m', stepMs: 60_000, ms: HOUR_MS },
  '24h': { label: '24 h', words: 'the last 24 hours', step: '1h', stepMs: HOUR_MS, ms: DAY_MS },
  '7d': { label: '7 d', words: 'the last 7 days', step: '1h', stepMs: HOUR_MS, ms: 7 * DAY_MS },
  '30d': { label: '30 d', words: 'the last 30 days', step: '1d', stepMs: DAY_MS, ms: 30 * DAY_MS },
} as const;
export type RangeId = keyof typeof RANGES;

export const rangeOf = (text: string | undefined): RangeId =>
  text !== undefined && Object.hasOwn(RANGES, text) ? (text as RangeId) : '24h';

/** The first step of a range that ends now: the present step is the last one. */
export function beginOf(id: RangeId, now: number): string {
  const { ms, stepMs } = RANGES[id];
  return new Date(Math.floor(now / stepMs) * stepMs - ms + stepMs).toISOString();
}
