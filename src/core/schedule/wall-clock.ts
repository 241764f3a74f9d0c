/**
 * Time as the clocks of a zone show it. A wall time is a number too: the milliseconds of the same date and hour in UTC.
 * Where clocks go forward some wall times do not exist; where they go back some come twice.
 */
import { IANAZone } from 'luxon';
import { MyelinError } from '../errors.ts';

/** How far its clocks are ahead of UTC at a moment, in milliseconds. */
export type Zone = (at: number) => number;

export const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Thirty years of weeks: more is kept of no search. */
const MOST_WEEKS = 1_600;

export const isZone = (name: string): boolean => IANAZone.isValidZone(name);

/**
 * To ask the time zone data costs more than all the rest of a search, so what is known of a week is kept: one that begins
 * and ends by the same offset has no change, since clocks never change twice within a week. Throws `invalid_request`.
 */
export function zoneOf(name: string): Zone {
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new MyelinError('invalid_request', `This server knows no time zone ${name}.`);
  const ask = (at: number): number => zone.offset(at) * 60_000;
  const begins = new Map<number, number>();
  const beginOf = (week: number): number => {
    const known = begins.get(week);
    if (known !== undefined) return known;
    if (begins.size >= MOST_WEEKS) begins.clear();
    const offset = ask(week * WEEK_MS);
    begins.set(week, offset);
    return offset;
  };
  return (at) => {
    const week = Math.floor(at / WEEK_MS);
    const offset = beginOf(week);
    return offset === beginOf(week + 1) ? offset : ask(at);
  };
}

export const offsetAt = (zone: Zone, at: number): number => zone(at);

export const wallOf = (zone: Zone, at: number): number => at + offsetAt(zone, at);

/** When the clocks show it: once, twice, or, where it does not exist, the next moment that does. */
export function momentsOf(zone: Zone, wall: number): readonly number[] {
  const [before, after] = [offsetAt(zone, wall - DAY_MS), offsetAt(zone, wall + DAY_MS)];
  const moments = [...new Set([before, after])]
    .map((offset) => wall - offset)
    .filter((at) => wallOf(zone, at) === wall);
  if (moments.length > 0) return moments.sort((a, b) => a - b);
  return [bisect(zone, wall - after, wall - before)];
}

/** The first moment after `from` and not after `until` at which the offset is another; null where there is none. */
export function changeWithin(zone: Zone, from: number, until: number): number | null {
  for (let low = from; low < until; low += DAY_MS) {
    const high = Math.min(low + DAY_MS, until);
    if (offsetAt(zone, high) !== offsetAt(zone, low)) return bisect(zone, low, high);
  }
  return null;
}

function bisect(zone: Zone, from: number, until: number): number {
  const offset = offsetAt(zone, from);
  let [low, high] = [from, until];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === offset) low = middle;
    else high = middle;
  }
  return high;
}
