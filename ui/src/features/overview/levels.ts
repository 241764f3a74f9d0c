/** How many executions there were, by what they were at, step by step; the last step is as of now. */
import type { Stats } from '../../../../src/contract/stats.ts';

export const LEVELS = ['running', 'waiting', 'queued', 'held'] as const;
type Level = (typeof LEVELS)[number];

export type Levels = Readonly<Record<Level, readonly (number | null)[]>>;

/** Null where nobody looked; undefined where nobody has looked in the whole time, nor is there anything now. */
export function levelsOf({ series, queue }: Pick<Stats, 'series' | 'queue'>): Levels | undefined {
  const isEmpty = series.every(({ levels }) => levels === null) && LEVELS.every((level) => queue[level] === 0);
  if (isEmpty) return undefined;
  const of = (level: Level) =>
    series.map(({ levels }, at) => {
      const seen = levels?.[level] ?? null;
      // What is there now may have come after the last look.
      return at === series.length - 1 ? Math.max(seen ?? 0, queue[level]) : seen;
    });
  return { running: of('running'), waiting: of('waiting'), queued: of('queued'), held: of('held') };
}

/** The most at once. */
export const peakOf = (values: readonly (number | null)[]): number => Math.max(0, ...values.map((one) => one ?? 0));
