/** What clocks show at a moment, of a time zone or here, in the form that sorts. */

/** `2026-12-01 03:00` of an ISO time, whatever offset it has: whole minutes need no seconds. */
export const wallClock = (local: string): string => local.slice(0, 19).replace('T', ' ').replace(/:00$/, '');

/** The same, by the clocks of the browser, of an ISO time in UTC. */
export function wallClockHere(at: string): string {
  const moment = new Date(at);
  return wallClock(new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString());
}

/** `Tue`, of a date as the others write it. */
export const weekday = (clock: string): string =>
  new Date(`${clock.slice(0, 10)}T00:00:00Z`).toLocaleDateString(undefined, { weekday: 'short', timeZone: 'UTC' });
