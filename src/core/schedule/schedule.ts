/** The times of a schedule: by its pattern, interval or date, within its window. Any of them follows from the one before. */
import { parseDuration } from '../duration.ts';
import { hash } from '../hash.ts';
import { cronTimes } from './cron.ts';
import { DAY_MS, momentsOf, type Zone, zoneOf } from './wall-clock.ts';
import { type WindowConfig, windowOf } from './window.ts';

/** As written in a definition, and checked by its schema (`config.ts`). */
export interface ScheduleConfig {
  readonly cron?: string | undefined;
  readonly every?: string | undefined;
  readonly at?: string | undefined;
  readonly timezone?: string | undefined;
  readonly window?: WindowConfig | undefined;
  readonly missed?: 'skip' | 'one' | 'all' | undefined;
  readonly maxMissed?: number | undefined;
  readonly overlap?: 'allow' | 'skip' | 'queue' | 'cancel_previous' | undefined;
  readonly jitter?: string | undefined;
}

export interface Schedule {
  /** The first time after a moment; null where none comes. */
  next(after: number): number | null;
  /** When the execution of a time starts: as much later as the jitter says, which differs by trigger and time. */
  dueAt(at: number, triggerId: string): number;
}

export const DEFAULT_ZONE = 'UTC';

/**
 * Times that a window may close out in a row, before there are none. A pattern meets the days of a week, or it never
 * will; an interval drifts through a window of each day or of one day in the week.
 */
const MOST_CLOSED = { pattern: 60, interval: 1_100 };
/** After it the calendar of days and weekdays is the same again. */
const HORIZON_MS = 28 * 366 * DAY_MS;

/** Of a config that is valid. */
export function scheduleOf(config: ScheduleConfig): Schedule {
  const zone = zoneOf(config.timezone ?? DEFAULT_ZONE);
  const times = timesOf(config, zone);
  const window = config.window === undefined ? null : windowOf(config.window, zone);
  const mostClosed = config.every === undefined ? MOST_CLOSED.pattern : MOST_CLOSED.interval;
  const jitterMs = parseDuration(config.jitter ?? '0s');

  const next = (after: number): number | null => {
    let at = times(after);
    if (window === null || at === null) return at;
    const horizon = at + HORIZON_MS;
    for (let closed = 0; at !== null && at <= horizon && closed < mostClosed; closed += 1) {
      if (window.isOpen(at)) return at;
      const opens = window.opensAfter(at);
      at = opens === null ? null : times(opens - 1);
    }
    return null;
  };

  return {
    next,
    dueAt: (at, triggerId) => {
      if (jitterMs === 0) return at;
      // It never reaches the next time, so that times stay in order, and never leads out of the window.
      const following = next(at);
      const span = following === null ? jitterMs : Math.min(jitterMs, following - at);
      const due = at + (hash(`${triggerId} ${at}`) % span);
      return window === null || window.isOpen(due) ? due : at;
    },
  };
}

function timesOf({ cron, every, at }: ScheduleConfig, zone: Zone): (after: number) => number | null {
  if (cron !== undefined) return cronTimes(cron, zone);
  if (every !== undefined) {
    const ms = parseDuration(every);
    return (after) => (Math.floor(after / ms) + 1) * ms;
  }
  const once = momentIn(zone, at as string);
  return (after) => (once > after ? once : null);
}

/** Milliseconds of an ISO time; one without an offset is of the zone. */
export const momentOf = (text: string, zone = DEFAULT_ZONE): number => momentIn(zoneOf(zone), text);

function momentIn(zone: Zone, text: string): number {
  if (/(?:Z|[+-]\d{2}:\d{2})$/.test(text)) return Date.parse(text);
  return momentsOf(zone, Date.parse(`${text}Z`))[0] as number;
}
