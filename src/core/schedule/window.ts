/**
 * When executions may start at all: on days of the week, from an hour to an hour, not on some dates; by the clocks of
 * the zone. Hours that go over midnight belong to the day on which they began; a date that is excepted is closed whole.
 */
import { changeWithin, DAY_MS, momentsOf, offsetAt, wallOf, type Zone } from './wall-clock.ts';

export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export const HOURS = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

export interface WindowConfig {
  readonly days?: readonly (typeof DAYS)[number][] | undefined;
  readonly hours?: string | undefined;
  readonly except?: readonly string[] | undefined;
}

export interface Window {
  isOpen(at: number): boolean;
  /** The first moment after this one at which it is open, where this one is closed; null: none within three years. */
  opensAfter(at: number): number | null;
}

const LONGEST_CLOSED_DAYS = 3 * 366;

export function windowOf({ days, hours, except = [] }: WindowConfig, zone: Zone): Window {
  const [, begin = '00:00', end = '24:00'] = HOURS.exec(hours ?? '') ?? [];
  const [from, to] = [timeOf(begin), timeOf(end)];
  const closed = new Set(except);
  const isDay = (day: number) => days === undefined || days.includes(DAYS[new Date(day).getUTCDay()] as 'sun');

  const isExcepted = (day: number) => closed.size > 0 && closed.has(new Date(day).toISOString().slice(0, 10));
  const mayOpen = (day: number) => (isDay(day) || (from > to && isDay(day - DAY_MS))) && !isExcepted(day);

  const isOpen = (at: number): boolean => {
    const wall = wallOf(zone, at);
    const day = dayOf(wall);
    if (isExcepted(day)) return false;
    const time = wall - day;
    if (from < to) return time >= from && time < to && isDay(day);
    return time >= from ? isDay(day) : time < to && isDay(day - DAY_MS);
  };

  return {
    isOpen,
    opensAfter: (at) => {
      const today = dayOf(wallOf(zone, at));
      for (let passed = 0; passed <= LONGEST_CLOSED_DAYS; passed += 1) {
        const day = today + passed * DAY_MS;
        if (!mayOpen(day)) continue;
        const found = beginnings(zone, day, from).find((one) => one > at && isOpen(one));
        if (found !== undefined) return found;
      }
      return null;
    },
  };
}

/** Moments of a day at which it may open, in order: its begin, the hour, and where the clocks change. */
function beginnings(zone: Zone, day: number, from: number): number[] {
  const offset = offsetAt(zone, day - DAY_MS);
  // As on nearly all days.
  if (offset === offsetAt(zone, day + 2 * DAY_MS)) return [day - offset, day + from - offset];
  const [start, end] = [momentsOf(zone, day)[0] as number, momentsOf(zone, day + DAY_MS)[0] as number];
  const change = changeWithin(zone, start, end);
  const moments = [...momentsOf(zone, day), ...momentsOf(zone, day + from), ...(change === null ? [] : [change])];
  return moments.sort((a, b) => a - b);
}

const dayOf = (wall: number): number => Math.floor(wall / DAY_MS) * DAY_MS;

function timeOf(text: string): number {
  const [hours, minutes] = text.split(':').map(Number) as [number, number];
  return (hours * 60 + minutes) * 60_000;
}
