/** What calls of models cost: day by day where the range has several, and which workflows cost most. */
import { Link } from '@tanstack/react-router';
import { Suspense, useMemo } from 'react';
import { useApi, useApiAll } from '../../api/query.ts';
import { Loading } from '../../components/loading.tsx';
import { money } from '../../components/money.ts';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { useNow } from '../../components/time.tsx';
import { Chart } from './charts.tsx';
import { costsOf } from './cost.ts';
import { beginOf, daysOf, RANGES, type RangeId } from './range.ts';

const SHOWN = 4;
const MAX_GROUPS = 1_000;

export function CostPanel({ range, from }: { readonly range: RangeId; readonly from: string }) {
  const isLong = range === '7d' || range === '30d';
  // Cost is kept by day: of a shorter range its week is drawn.
  const today = new Date(useNow()).toISOString().slice(0, 10);
  const drawnFrom = isLong ? from : beginOf('7d', Date.parse(today));
  const query = { from, limit: MAX_GROUPS };
  const days = useApi('getUsage', { query: { ...query, by: 'day' } }, { keep: true });
  const drawn = useApi('getUsage', { query: { ...query, from: drawnFrom, by: 'day' } }, { keep: true });
  const workflows = useApi('getUsage', { query: { ...query, by: 'workflow' } }, { keep: true });
  const names = useApiAll('getWorkflowStats');
  const dates = useMemo(() => daysOf(drawnFrom, Date.parse(today)), [drawnFrom, today]);
  const cost = useMemo(() => costsOf(days.data?.items ?? [], [])[0], [days.data]);
  const week = useMemo(() => costsOf(drawn.data?.items ?? [], dates), [drawn.data, dates]);
  const bars = week.find(({ currency }) => cost === undefined || currency === cost.currency);
  const series = useMemo(() => [{ name: 'Cost', tone: 'accent' as const, values: bars?.values ?? [] }], [bars]);
  const times = useMemo(() => dates.map((day) => Date.parse(day)), [dates]);
  const nameOf = (id: string) => names.data?.items.find(({ workflowId }) => workflowId === id)?.workflowName;
  const dearest = (workflows.data?.items ?? []).filter((one) => one.cost > 0).slice(0, SHOWN);
  const error = days.error ?? workflows.error;
  return (
    <Panel
      title={`Cost of ${RANGES[range].words}`}
      actions={
        <Link to="/money" className="text-muted text-xs hover:underline">
          Money
        </Link>
      }
    >
      {error && <ProblemNote error={error} retry={() => void Promise.all([days.refetch(), workflows.refetch()])} />}
      {days.isPending && <Loading />}
      {days.data && (cost === undefined || cost.total === 0) && (
        <p className="py-2 text-faint">No call of a model has cost anything.</p>
      )}
      {cost && cost.total > 0 && (
        <p className="font-semibold text-xl tabular-nums">{money(cost.total, cost.currency)}</p>
      )}
      {bars && bars.total > 0 && (
        <>
          {!isLong && <p className="text-muted text-xs">The last 7 days, day by day</p>}
          <Suspense fallback={<Loading />}>
            <Chart
              label={`Cost by day, in ${bars.currency}`}
              kind="bars"
              height={110}
              times={times}
              series={series}
              format={(value) => money(value, bars.currency)}
              timeOf={(at) => new Date(at).toISOString().slice(0, 10)}
            />
          </Suspense>
        </>
      )}
      {dearest.map((one) => (
        <p key={`${one.key} ${one.currency}`} className="flex h-8 items-center gap-3">
          <span className="min-w-0 flex-1 truncate">{nameOf(one.key) ?? 'a workflow that is deleted'}</span>
          <span className="tabular-nums">{money(one.cost, one.currency)}</span>
        </p>
      ))}
    </Panel>
  );
}
