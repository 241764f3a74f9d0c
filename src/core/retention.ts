/**
 * How long executions are kept after their end: by age and by count, for each way to end. The rules of the server
 * hold where a workflow has none of its own; a count is of each workflow.
 */
import { z } from 'zod';
import { durationSchema, formatDuration, parseDuration } from './duration.ts';
import { MyelinError } from './errors.ts';
import type { Ended } from './execution/status.ts';

/** The ends that rules tell apart. `failed` rules those that failed to undo as well, and `compensated` unless named. */
export const RULED = ['completed', 'failed', 'canceled', 'compensated'] as const;
export type Ruled = (typeof RULED)[number];

/** What outlives the one or the other is removed; null: no limit. */
export interface Keep {
  readonly ageMs: number | null;
  /** Of each workflow, the newest. */
  readonly count: number | null;
}

export type RetentionRules = Readonly<Record<Ruled, Keep>>;

const FOREVER = 'forever';
const MOST = 1_000_000_000;

const age = z.union([z.literal(FOREVER), durationSchema]).optional();
const count = z.int().min(1).max(MOST);

/** `settings.retention` of a definition. */
export const retentionSchema = z.strictObject({
  completed: age.describe('Age of those that completed, such as 30d, or forever'),
  failed: age,
  canceled: age,
  compensated: age.describe('Default that of failed'),
  count: z
    .union([count, z.partialRecord(z.enum(RULED), count)])
    .optional()
    .describe('The newest to keep of each end, or by end'),
});
export type RetentionSettings = z.output<typeof retentionSchema>;

const nothing: Keep = { ageMs: null, count: null };
/** Nothing is removed. */
export const KEEP_ALL: RetentionRules = {
  completed: nothing,
  failed: nothing,
  canceled: nothing,
  compensated: nothing,
};

/** The rules with those of a workflow, or of the server, over them. */
export function overlayRetention(rules: RetentionRules, over: RetentionSettings | null): RetentionRules {
  if (over === null) return rules;
  const keep = (end: Ruled): Keep => {
    const named = over[end] ?? (end === 'compensated' ? over.failed : undefined);
    return { ageMs: ageOf(named, rules[end].ageMs), count: countOf(over.count, end) ?? rules[end].count };
  };
  return {
    completed: keep('completed'),
    failed: keep('failed'),
    canceled: keep('canceled'),
    compensated: keep('compensated'),
  };
}

function ageOf(named: string | undefined, otherwise: number | null): number | null {
  if (named === undefined) return otherwise;
  return named === FOREVER ? null : parseDuration(named);
}

function countOf(wanted: RetentionSettings['count'], end: Ruled): number | undefined {
  if (typeof wanted !== 'object') return wanted;
  return wanted[end] ?? (end === 'compensated' ? wanted.failed : undefined);
}

/** Of a text such as `completed=30d,failed=90d,count=10000`, or `forever`. Throws `config_invalid`. */
export function parseRetention(text: string): RetentionRules {
  const parts = text.split(',').map((part) => part.trim());
  const written = parts.filter((part) => part !== '' && part !== FOREVER).map(toEntry);
  const read = retentionSchema.safeParse(Object.fromEntries(written));
  if (read.success) return overlayRetention(KEEP_ALL, read.data);
  const wanted = `${RULED.join(', ')} with a duration, and count, such as completed=30d,failed=90d,count=10000`;
  throw new MyelinError('config_invalid', `takes forever, or any of ${wanted}`);
}

function toEntry(part: string): [string, unknown] {
  const at = part.indexOf('=');
  const [name, value] = [part.slice(0, Math.max(at, 0)).trim(), part.slice(at + 1).trim()];
  return [name, name === 'count' ? Number(value) : value];
}

/** The rules as `parseRetention` reads them. */
export function formatRetention(rules: RetentionRules): string {
  const { completed, failed, compensated } = rules;
  const named = RULED.filter((end) => end !== 'compensated' || compensated.ageMs !== failed.ageMs);
  const ages = named.flatMap((end) => {
    const { ageMs } = rules[end];
    if (ageMs !== null) return [`${end}=${formatDuration(ageMs)}`];
    return end === 'compensated' ? [`${end}=${FOREVER}`] : [];
  });
  const counts = completed.count === null ? [] : [`count=${completed.count}`];
  return [...ages, ...counts].join(',') || FOREVER;
}

/** For people: `30d`, `newest 100`, `30d, newest 100`, `forever`. */
export function formatKeep({ ageMs, count }: Keep): string {
  const parts = [...(ageMs === null ? [] : [formatDuration(ageMs)]), ...(count === null ? [] : [`newest ${count}`])];
  return parts.length === 0 ? FOREVER : parts.join(', ');
}

/** One look for what may go: executions of a workflow that ended in one way. */
export interface Sweep {
  readonly status: Ended;
  readonly end: Ruled;
  /** Those that ended before this time (ms) go; null: none for their age. */
  readonly endedBefore: number | null;
  /** Those beyond the newest so many go; null: none for their number. */
  readonly newest: number | null;
}

const ENDS: readonly (readonly [Ended, Ruled])[] = [
  ['completed', 'completed'],
  ['failed', 'failed'],
  ['compensation_failed', 'failed'],
  ['canceled', 'canceled'],
  ['compensated', 'compensated'],
];

/** The looks that the rules ask for at this time. */
export function sweepsOf(rules: RetentionRules, now: number): Sweep[] {
  return ENDS.flatMap(([status, end]) => {
    const { ageMs, count: newest } = rules[end];
    if (ageMs === null && newest === null) return [];
    return [{ status, end, endedBefore: ageMs === null ? null : now - ageMs, newest }];
  });
}
