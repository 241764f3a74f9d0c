/** Executions over time: how they ended, and how long they took. */
import { useMemo } from 'react';
import type { Stats } from '../../../../src/contract/stats.ts';
import { early } from '../../components/early.tsx';
import { count } from '../../components/money.ts';
import { Panel } from '../../components/page.tsx';
import { span } from '../../components/spans.ts';
import { LEVELS, levelsOf, peakOf } from './levels.ts';
import { RANGES, type RangeId } from './range.ts';
import { stepWords } from './steps.ts';

export const Chart = early(import('../../components/chart.tsx'));

interface ChartsProps {
  readonly stats: Stats;
  readonly range: RangeId;
}

const timesOf = ({ series }: Stats) => series.map(({ at }) => Date.parse(at));

export function ThroughputChart({ stats, range }: ChartsProps) {
  const { series, totals } = stats;
  const lines = useMemo(
    () => [
      { name: 'Completed', tone: 'ok' as const, values: series.map(({ completed }) => completed) },
      { name: 'Canceled', tone: 'neutral' as const, values: series.map(({ canceled }) => canceled) },
      { name: 'Compensated', tone: 'warn' as const, values: series.map(({ compensated }) => compensated) },
      { name: 'Failed', tone: 'bad' as const, values: series.map(({ failed }) => failed) },
    ],
    [series],
  );
  const times = useMemo(() => timesOf(stats), [stats]);
  const words = `Executions that ended in ${RANGES[range].words}: ${totals.completed} completed, ${totals.failed} failed, ${totals.compensated} compensated, ${totals.canceled} canceled`;
  return (
    <Panel title="Executions">
      <Chart
        label={words}
        kind="bars"
        times={times}
        series={lines}
        format={(value) => (Number.isInteger(value) ? count(value) : '')}
        timeOf={(at) => stepWords(range, at)}
      />
    </Panel>
  );
}

export function LatencyChart({ stats, range }: ChartsProps) {
  const { series, totals } = stats;
  const lines = useMemo(
    () => [
      { name: 'Half within', tone: 'info' as const, values: series.map(({ p50 }) => p50) },
      { name: '95 % within', tone: 'warn' as const, values: series.map(({ p95 }) => p95) },
    ],
    [series],
  );
  const times = useMemo(() => timesOf(stats), [stats]);
  const words =
    totals.p50 === null || totals.p95 === null
      ? `Nothing completed in ${RANGES[range].words}`
      : `Of ${RANGES[range].words}, half of what completed took less than ${span(totals.p50)}, 95 % less than ${span(totals.p95)}`;
  return (
    <Panel title="How long they took">
      <Chart
        label={words}
        kind="lines"
        times={times}
        series={lines}
        format={span}
        timeOf={(at) => stepWords(range, at)}
      />
    </Panel>
  );
}

const LINES = {
  running: { name: 'Running', tone: 'info' },
  waiting: { name: 'Waiting', tone: 'neutral' },
  queued: { name: 'In the queue', tone: 'warn' },
  held: { name: 'Held', tone: 'accent' },
} as const;

export function LevelsChart({ stats, range }: ChartsProps) {
  const levels = useMemo(() => levelsOf(stats), [stats]);
  const lines = useMemo(
    () =>
      LEVELS.map((level) => ({ ...LINES[level], values: levels?.[level] ?? [] }))
        // Nothing is ever held where no workflow has limits.
        .filter(({ name, values }) => name !== LINES.held.name || peakOf(values) > 0),
    [levels],
  );
  const times = useMemo(() => timesOf(stats), [stats]);
  const peaks = lines.map(({ name, values }) => `${name.toLowerCase()} ${peakOf(values)}`).join(', ');
  return (
    <Panel title="In the queue, at work and waiting">
      {levels === undefined ? (
        <p className="py-2 text-faint">Nothing is under way, and nobody has looked yet how it was before.</p>
      ) : (
        <Chart
          label={`Executions that had not ended, the most at once in ${RANGES[range].words}: ${peaks}`}
          kind="lines"
          height={130}
          times={times}
          series={lines}
          format={(value) => (Number.isInteger(value) ? count(value) : '')}
          timeOf={(at) => stepWords(range, at)}
        />
      )}
    </Panel>
  );
}
