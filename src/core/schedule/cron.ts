/**
 * Times of a cron pattern. The package knows patterns; it is asked about UTC only, where clocks never change, and what
 * it says is taken for wall times of the zone. It is always given the time, so that it never reads the clock.
 *
 * Patterns that name hours fire once for each time that the clocks show: at the first of two, and, where it does not
 * exist, at the next moment that does. Those of every hour go on by real time, as an interval does.
 */
import { Cron } from 'croner';
import { changeWithin, momentsOf, offsetAt, wallOf, type Zone } from './wall-clock.ts';

const NAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** What is wrong with a pattern; undefined where it is one. */
export function cronFault(text: string): string | undefined {
  const fields = fieldsOf(text);
  if (text.startsWith('@') && fields.length === 1) return `takes one of ${Object.keys(NAMES).join(', ')}`;
  if (fields.length !== 5 && fields.length !== 6) {
    return 'takes 5 fields (minute hour day month weekday), or 6 with the second first';
  }
  try {
    patternOf(fields);
    return undefined;
  } catch (error) {
    return `is no pattern: ${(error as Error).message.replace(/^CronPattern: /, '')}`;
  }
}

/** Says the first time after a moment; null where there is none. */
export function cronTimes(text: string, zone: Zone): (after: number) => number | null {
  const fields = fieldsOf(text);
  const pattern = patternOf(fields);
  const next = (wall: number) => pattern.nextRun(new Date(wall))?.getTime() ?? null;
  const isOfEveryHour = /^\*(\/1)?$/.test(fields.at(-4) as string);
  return (after) => (isOfEveryHour ? byRealTime(zone, next, after) : byTheClock(zone, next, after));
}

type NextWall = (wall: number) => number | null;

function byTheClock(zone: Zone, next: NextWall, after: number): number | null {
  let wall = next(wallOf(zone, after));
  while (wall !== null) {
    const [first] = momentsOf(zone, wall) as [number];
    if (first > after) return first;
    // The second time that the clocks show this hour.
    wall = next(wall);
  }
  return null;
}

/** From one change of the clocks to the next, each stretch by its own offset. */
function byRealTime(zone: Zone, next: NextWall, after: number): number | null {
  for (let from = after; ; ) {
    const offset = offsetAt(zone, from + 1);
    const wall = next(from + offset);
    if (wall === null) return null;
    const change = changeWithin(zone, from + 1, wall - offset);
    if (change === null) return wall - offset;
    from = change - 1;
  }
}

const fieldsOf = (text: string): string[] => {
  const pattern = NAMES[text.trim().toLowerCase()] ?? text;
  return pattern.trim().split(/\s+/);
};

const patternOf = (fields: readonly string[]): Cron => new Cron(fields.join(' '), { utcOffset: 0, paused: true });
