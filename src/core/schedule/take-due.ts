/** What becomes of a schedule that is due: which of its times start an execution now, and which comes next. */
import type { ScheduleConfig } from './schedule.ts';
import { type Schedule, scheduleOf } from './schedule.ts';

/** A time is missed when it is so late, */
const MISSED_MS = 5 * 60_000;
/** or so late and the time after it has come too. */
const PASSED_MS = 60_000;
const MAX_MISSED = 100;

export interface Due {
  readonly at: number;
  /** Later than `at` by its jitter. */
  readonly dueAt: number;
}

export interface Firing extends Due {
  /** It makes up for so many missed times. */
  readonly missed?: number;
}

export interface Taken {
  readonly firings: readonly Firing[];
  /** The first time that is still to come; null where there is none. */
  readonly next: Due | null;
}

/** The first time after `after`. */
export function firstDue(config: ScheduleConfig, triggerId: string, after: number): Due | null {
  return dueAfter(scheduleOf(config), triggerId, after);
}

/** `at` is the first time that has not been taken. */
export function takeDue(config: ScheduleConfig, triggerId: string, at: number, now: number): Taken {
  const schedule = scheduleOf(config);
  const { missed: policy = 'skip', maxMissed = MAX_MISSED } = config;
  const limit = policy === 'skip' ? 1 : maxMissed;
  const firings: Firing[] = [];
  const missed: number[] = at > now - MISSED_MS ? [] : newest(schedule, at, now - MISSED_MS, limit);
  let next: Due | null = dueOf(schedule, triggerId, missed.at(-1) ?? at);
  // The jitter of the newest may keep it for later.
  if (missed.pop() !== undefined && next.dueAt <= now - MISSED_MS) {
    missed.push(next.at);
    next = dueAfter(schedule, triggerId, next.at);
  }
  while (next !== null && next.dueAt <= now) {
    const following = dueAfter(schedule, triggerId, next.at);
    const isPassed = following !== null && following.dueAt <= now && now - next.dueAt > PASSED_MS;
    if (isPassed) missed.push(next.at);
    else firings.push(next);
    next = following;
  }
  return { firings: [...madeUp(policy, missed.slice(-limit)).map(withDue), ...firings], next };

  function withDue(one: Pick<Firing, 'at' | 'missed'>): Firing {
    return { ...one, dueAt: schedule.dueAt(one.at, triggerId) };
  }
}

function madeUp(policy: ScheduleConfig['missed'], missed: readonly number[]): Pick<Firing, 'at' | 'missed'>[] {
  if (policy === 'all') return missed.map((at) => ({ at, missed: 1 }));
  return policy === 'one' ? missed.slice(-1).map((at) => ({ at, missed: missed.length })) : [];
}

const dueOf = (schedule: Schedule, triggerId: string, at: number): Due => ({
  at,
  dueAt: schedule.dueAt(at, triggerId),
});

function dueAfter(schedule: Schedule, triggerId: string, after: number): Due | null {
  const at = schedule.next(after);
  return at === null ? null : dueOf(schedule, triggerId, at);
}

/** The last `limit` times from `from`, which is one, to `until`; found by looking back further and further. */
function newest(schedule: Schedule, from: number, until: number, limit: number): number[] {
  for (let span = PASSED_MS; ; span *= 2) {
    const isAll = until - span <= from;
    const found = isAll ? [from] : [];
    const start = isAll ? from : until - span;
    for (let at = schedule.next(start); at !== null && at <= until; at = schedule.next(at)) found.push(at);
    if (isAll || found.length >= limit) return found.slice(-limit);
  }
}
