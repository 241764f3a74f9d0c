/** The steps that a range is drawn in: which there are, and how they are called. */
import { DAY_MS, HOUR_MS, type RangeId } from './range.ts';

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
