/** Text for a terminal: colors where they are wanted, nothing that could steer the terminal, durations and times. */

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const paint =
  (on: number, off: number) =>
  (text: string): string =>
    text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;

const COLORS: Style = {
  bold: paint(1, 22),
  dim: paint(2, 22),
  red: paint(31, 39),
  green: paint(32, 39),
  yellow: paint(33, 39),
  cyan: paint(36, 39),
};

const same = (text: string): string => text;
export const PLAIN: Style = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };

/** Colors on a terminal, unless `NO_COLOR` is set to anything (no-color.org) or the terminal is dumb. */
export function styleFor(isTTY: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  return isTTY && !env.NO_COLOR && env.TERM !== 'dumb' ? COLORS : PLAIN;
}

/** Control characters of foreign text become spaces: they could move the cursor or forge lines. */
export function clean(text: string, keepLines = false): string {
  return text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (char) => (keepLines && char === '\n' ? char : ' '));
}

/** At most `width` characters, the last an ellipsis where something was cut. */
export function clip(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  return width < 1 ? '' : `${characters.slice(0, width - 1).join('')}…`;
}

/** A time span as it passes: `340ms`, `2.1s`, `4m03s`, `2h05m`, `3d04h`. */
export function span(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (ms < 1000) return `${Math.max(0, Math.round(ms))}ms`;
  if (seconds < 60) return `${(ms / 1000).toFixed(1)}s`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h${two((seconds % 3600) / 60)}m`;
  return `${Math.floor(seconds / 86_400)}d${two((seconds % 86_400) / 3600)}h`;
}

/** `2026-07-01 12:00:00` in UTC, of an ISO time. */
export function moment(iso: string): string {
  return new Date(iso).toISOString().slice(0, 19).replace('T', ' ');
}

/** JSON on one line, cut to a width. */
export function brief(value: unknown, width: number): string {
  return clip(clean(JSON.stringify(value) ?? ''), width);
}

/** `1 call`, `2 calls`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
