/**
 * Durations as people write them: `500ms`, `90s`, `15m`, `24h`, `3d`, `2w`, and sums such as `1h30m`.
 * Months and years are refused, since their length depends on the calendar.
 */
import { z } from 'zod';
import { MyelinError } from './errors.ts';

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const PART = /(\d+(?:\.\d+)?)(ms|[smhdw])/g;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|[smhdw])\s*)+$/;
const HOW = 'write it like 500ms, 90s, 15m, 24h, 3d, 2w or 1h30m';

/** 100 years: beyond it is a slip of the pen, and dates stay far from the end of their range. */
const LONGEST = 36_525 * 86_400_000;

/**
 * Milliseconds, whole, of a text such as `1h30m`; a number is milliseconds already.
 * Throws `config_invalid` for anything else, for what is negative and for more than 100 years.
 */
export function parseDuration(text: string | number): number {
  const ms = typeof text === 'number' ? text : sum(text.trim());
  if (!Number.isFinite(ms) || ms < 0) throw refusal(text, HOW);
  if (ms > LONGEST) throw refusal(text, 'it may be at most 100 years (36525d)');
  return Math.round(ms);
}

function sum(text: string): number {
  if (!WHOLE.test(text)) throw refusal(text, hint(text));
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * MILLISECONDS[unit!]!;
  return total;
}

/** What to do about a text that is no duration; the usual slips get an answer of their own. */
function hint(text: string): string {
  if (/^\d+(\.\d+)?$/.test(text)) return `it has no unit; ${HOW}`;
  if (/\d\s*(mo|M|y|Y)/.test(text)) return 'months and years differ in length; count in days, such as 30d';
  return HOW;
}

function refusal(text: string | number, why: string): MyelinError {
  return new MyelinError('config_invalid', `${JSON.stringify(text)} is not a duration: ${why}.`);
}

/** Schema of a duration as text. */
export const durationSchema = z
  .string()
  .max(64)
  .regex(WHOLE, { error: (issue) => `not a duration: ${hint(String(issue.input).trim())}`, abort: true })
  .refine((text) => sum(text) <= LONGEST, 'not a duration: it may be at most 100 years (36525d)')
  .meta({ description: 'A duration such as 500ms, 90s, 15m, 24h, 3d, 2w or 1h30m' });

/** The shortest text for whole milliseconds, in days and below; `parseDuration` reads it back. 0 is `0s`. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const amount = Math.floor(rest / MILLISECONDS[unit]!);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * MILLISECONDS[unit]!;
  }
  return text === '' ? '0s' : text;
}
