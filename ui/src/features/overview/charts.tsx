/** Executions over time: how they ended, and how long they took. */
import { lazy, Suspense, useMemo } from 'react';
import type { Stats } from '../../../../src/contract/stats.ts';
import { Loading } from '../../components/loading.tsx';
import { count } from '../../components/money.ts';
import { Panel } from '../../components/page.tsx';
import { span } from '../../components/spans.ts';
import { backlogOf } from './backlog.ts';
import { RANGES, type RangeId, stepWords } from './range.ts';

export const Chart = lazy(() => import('../../components/chart.tsx'));

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
      <Suspense fallback={<Loading />}>
        <Chart
          label={words}
          kind="bars"
          times={times}
          series={lines}
          format={(value) => (Number.isInteger(value) ? count(value) : '')}
          timeOf={(at) => stepWords(range, at)}
        />
      </Suspense>
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
      <Suspense fallback={<Loading />}>
        <Chart
          label={words}
          kind="lines"
          times={times}
          series={lines}
          format={span}
          timeOf={(at) => stepWords(range, at)}
        />
      </Suspense>
    </Panel>
  );
}

export function BacklogChart({ stats, range }: ChartsProps) {
  const values = useMemo(() => backlogOf(stats), [stats]);
  const lines = useMemo(() => [{ name: 'Not ended', tone: 'info' as const, values: values ?? [] }], [values]);
  const times = useMemo(() => timesOf(stats), [stats]);
  const words = `Executions that had not ended, in ${RANGES[range].words}: at most ${Math.max(0, ...(values ?? []))}, now ${values?.at(-1) ?? 'too many to count'}`;
  return (
    <Panel title="In the queue, at work and waiting">
      {values === undefined ? (
        <p className="py-2 text-faint">There are too many now to count them back.</p>
      ) : (
        <Suspense fallback={<Loading />}>
          <Chart
            label={words}
            kind="lines"
            height={110}
            times={times}
            series={lines}
            format={(value) => (Number.isInteger(value) ? count(value) : '')}
            timeOf={(at) => stepWords(range, at)}
          />
        </Suspense>
      )}
    </Panel>
  );
}
