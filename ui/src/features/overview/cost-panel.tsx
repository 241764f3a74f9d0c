/** What calls of models cost: hour by hour of a day, day by day of longer, and which workflows cost most. */
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useApi, useApiAll } from '../../api/query.ts';
import { Loading } from '../../components/loading.tsx';
import { money } from '../../components/money.ts';
import { Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { useNow } from '../../components/time.tsx';
import { Chart } from './charts.tsx';
import { costsOf } from './cost.ts';
import { beginOf, HOUR_MS, RANGES, type RangeId } from './range.ts';
import { daysOf, hoursOf, stepWords } from './steps.ts';

const SHOWN = 4;
const MAX_GROUPS = 1_000;

export function CostPanel({ range, from }: { readonly range: RangeId; readonly from: string }) {
  const by = range === '7d' || range === '30d' ? 'day' : 'hour';
  // Of a single hour its day is drawn.
  const now = useNow(HOUR_MS);
  const drawnFrom = range === '1h' ? beginOf('24h', now) : from;
  const query = { from, limit: MAX_GROUPS };
  const whole = useApi('getUsage', { query: { ...query, by: 'project' } }, { keep: true });
  const drawn = useApi('getUsage', { query: { ...query, from: drawnFrom, by } }, { keep: true });
  const workflows = useApi('getUsage', { query: { ...query, by: 'workflow' } }, { keep: true });
  const names = useApiAll('getWorkflowStats');
  const steps = useMemo(() => (by === 'day' ? daysOf : hoursOf)(drawnFrom, now), [by, drawnFrom, now]);
  const cost = useMemo(() => costsOf(whole.data?.items ?? [], [])[0], [whole.data]);
  const costs = useMemo(() => costsOf(drawn.data?.items ?? [], steps), [drawn.data, steps]);
  const bars = costs.find(({ currency }) => cost === undefined || currency === cost.currency);
  const series = useMemo(() => [{ name: 'Cost', tone: 'accent' as const, values: bars?.values ?? [] }], [bars]);
  const times = useMemo(() => steps.map((step) => Date.parse(step)), [steps]);
  const nameOf = (id: string) => names.data?.items.find(({ workflowId }) => workflowId === id)?.workflowName;
  const dearest = (workflows.data?.items ?? []).filter((one) => one.cost > 0).slice(0, SHOWN);
  const error = whole.error ?? workflows.error;
  return (
    <Panel
      title={`Cost of ${RANGES[range].words}`}
      actions={
        <Link to="/money" className="text-muted text-xs hover:underline">
          Money
        </Link>
      }
    >
      {error && <ProblemNote error={error} retry={() => void Promise.all([whole.refetch(), workflows.refetch()])} />}
      {whole.isPending && <Loading />}
      {whole.data && (cost === undefined || cost.total === 0) && (
        <p className="py-2 text-faint">No call of a model has cost anything.</p>
      )}
      {cost && cost.total > 0 && (
        <p className="font-semibold text-xl tabular-nums">{money(cost.total, cost.currency)}</p>
      )}
      {bars && bars.total > 0 && (
        <>
          {range === '1h' && <p className="text-muted text-xs">The last 24 hours, hour by hour</p>}
          <Chart
            label={`Cost by ${by}, in ${bars.currency}`}
            kind="bars"
            height={110}
            times={times}
            series={series}
            format={(value) => money(value, bars.currency)}
            timeOf={(at) => (by === 'day' ? new Date(at).toISOString().slice(0, 10) : stepWords('24h', at))}
          />
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
