/** The state of things, for who opens it in the morning: what runs, what failed, what waits for somebody, what it cost. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useApi } from '../../api/query.ts';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useNow } from '../../components/time.tsx';
import { LatencyChart, ThroughputChart } from './charts.tsx';
import { CostPanel } from './cost-panel.tsx';
import { FirstSteps } from './first-steps.tsx';
import { FailingWorkflows, LatestFailures, Waits } from './lists.tsx';
import { Numbers } from './numbers.tsx';
import { beginOf, RANGES, type RangeId, rangeOf } from './range.ts';

const route = getRouteApi('/');

/** Figures are counted some seconds after what they count, and nothing tells of it. */
const FIGURES_MS = 15_000;

export default function OverviewPage() {
  const navigate = useNavigate();
  const range = rangeOf(route.useSearch().range);
  const now = useNow();
  const from = beginOf(range, now);
  const stats = useApi(
    'getStats',
    { query: { from, step: RANGES[range].step } },
    { keep: true, refetchInterval: FIGURES_MS },
  );
  const tabs = useMemo(() => Object.entries(RANGES).map(([id, { label }]) => ({ id: id as RangeId, label })), []);
  const choose = (id: RangeId) => void navigate({ to: '/', search: { range: id }, replace: true });
  return (
    <Page title="Overview" actions={<Tabs label="Look back" tabs={tabs} value={range} onChange={choose} />}>
      <div className="mx-auto flex max-w-350 flex-col gap-4">
        <FirstSteps />
        {stats.error && <ProblemNote error={stats.error} retry={() => void stats.refetch()} />}
        {stats.isPending && <Loading />}
        {stats.data && (
          <>
            <Numbers stats={stats.data} range={range} from={from} />
            <div className="grid gap-4 lg:grid-cols-2">
              <ThroughputChart stats={stats.data} range={range} />
              <LatencyChart stats={stats.data} range={range} />
            </div>
          </>
        )}
        <div className="grid gap-4 lg:grid-cols-2">
          <Waits />
          <LatestFailures />
          <FailingWorkflows />
          <CostPanel range={range} from={from} />
        </div>
      </div>
    </Page>
  );
}
