/** The next times of a schedule as people read them. */
import type { ScheduleConfig } from './schedule.ts';
import { DEFAULT_ZONE, scheduleOf } from './schedule.ts';
import { offsetAt, type Zone, zoneOf } from './wall-clock.ts';

export interface UpcomingTime {
  /** ISO, in UTC. */
  readonly at: string;
  /** ISO, by the clocks of the time zone, with its offset. */
  readonly local: string;
}

export function upcoming(config: ScheduleConfig, after: number, count: number): UpcomingTime[] {
  const { next } = scheduleOf(config);
  const zone = zoneOf(config.timezone ?? DEFAULT_ZONE);
  const times: UpcomingTime[] = [];
  for (let at = next(after); at !== null && times.length < count; at = next(at)) {
    times.push({ at: new Date(at).toISOString(), local: localText(zone, at) });
  }
  return times;
}

function localText(zone: Zone, at: number): string {
  const offset = offsetAt(zone, at);
  const minutes = Math.abs(offset) / 60_000;
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const clock = new Date(at + offset).toISOString().slice(0, 19);
  return `${clock}${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
