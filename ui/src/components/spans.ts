/** Spans and distances of time as short text. */

/** `340 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return pair(minutes, 'min', Math.floor(seconds % 60), 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair(hours, 'h', minutes % 60, 'min');
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

const pair = (much: number, big: string, rest: number, small: string): string =>
  rest === 0 ? `${much} ${big}` : `${much} ${big} ${rest} ${small}`;

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** `just now`, `5 min ago`, `in 3 h 5 min`. What has happened takes one unit; somebody may wait for what comes soon. */
export function ago(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < 1_500) return 'just now';
  if (at <= now) return `${whole(distance)} ago`;
  return `in ${distance < HOUR_MS || distance >= WEEK_MS ? whole(distance) : span(distance)}`;
}

function whole(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
