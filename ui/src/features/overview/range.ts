/** The spans of time one looks back, and the steps they are drawn in. */
export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

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

/** A step in words: its time, with its day where the range is longer than one. Days are whole in UTC. */
export function stepWords(id: RangeId, at: number): string {
  const format = formats.get(id) ?? new Intl.DateTimeFormat(undefined, SHAPES[id]);
  formats.set(id, format);
  return format.format(at);
}

const TIME = { hour: '2-digit', minute: '2-digit' } as const;
const SHAPES: Readonly<Record<RangeId, Intl.DateTimeFormatOptions>> = {
  '1h': TIME,
  '24h': TIME,
  '7d': { weekday: 'short', day: 'numeric', ...TIME },
  '30d': { timeZone: 'UTC', day: 'numeric', month: 'short' },
};
/** Slow to make, and charts have many steps. */
const formats = new Map<RangeId, Intl.DateTimeFormat>();

/** The hours from one to another, as the ledger names them. */
export function hoursOf(from: string, now: number): string[] {
  const first = Math.floor(Date.parse(from) / HOUR_MS) * HOUR_MS;
  const hours = Math.floor((now - first) / HOUR_MS) + 1;
  return Array.from({ length: hours }, (_, at) => new Date(first + at * HOUR_MS).toISOString());
}

/** The days of a range in UTC, as the ledger names them. */
export function daysOf(from: string, now: number): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from.slice(0, 10)); at <= now; at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
