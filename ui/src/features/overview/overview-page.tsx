/** The state of things, for who opens it in the morning: what runs, what failed, what waits for somebody, what it cost. */
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useApi, useApiAll } from '../../api/query.ts';
import { textsOf } from '../../app/search.ts';
import { Select } from '../../components/field.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useNow } from '../../components/time.tsx';
import { LatencyChart, LevelsChart, ThroughputChart } from './charts.tsx';
import { CostPanel } from './cost-panel.tsx';
import { FirstSteps } from './first-steps.tsx';
import { FailingWorkflows, LatestFailures, Waits } from './lists.tsx';
import { Numbers } from './numbers.tsx';
import { beginOf, RANGES, type RangeId, rangeOf } from './range.ts';
import { statsRequest } from './requests.ts';

const route = getRouteApi('/');

/** Figures are counted some seconds after what they count, and nothing tells of it. */
const FIGURES_MS = 15_000;

export default function OverviewPage() {
  const navigate = useNavigate();
  const search = route.useSearch();
  const range = rangeOf(search.range);
  const { workflow } = search;
  const workflows = useApiAll('listWorkflows');
  const now = useNow(RANGES[range].stepMs);
  const from = beginOf(range, now);
  const stats = useApi('getStats', statsRequest(range, now, workflow), { keep: true, refetchInterval: FIGURES_MS });
  const tabs = useMemo(() => Object.entries(RANGES).map(([id, { label }]) => ({ id: id as RangeId, label })), []);
  const choose = (next: typeof search) =>
    void navigate({ to: '/', search: textsOf('range', 'workflow')({ ...search, ...next }), replace: true });
  const actions = (
    <>
      <Select
        aria-label="Workflow"
        className="min-w-0 max-w-48"
        value={workflow ?? ''}
        onChange={(event) => choose({ workflow: event.target.value })}
        options={[{ value: '', label: 'All workflows' }, ...namesWith(workflow, workflows.data?.items ?? [])]}
      />
      <Tabs label="Look back" tabs={tabs} value={range} onChange={(id) => choose({ range: id })} />
    </>
  );
  return (
    <Page title="Overview" actions={actions}>
      <div className="mx-auto flex max-w-350 flex-col gap-4">
        {workflow === undefined && <FirstSteps />}
        {stats.error && <ProblemNote error={stats.error} retry={() => void stats.refetch()} />}
        {stats.isPending && <Loading />}
        {stats.data && (
          <>
            <Numbers stats={stats.data} range={range} from={from} workflow={workflow} />
            <div className="grid gap-4 lg:grid-cols-2">
              <ThroughputChart stats={stats.data} range={range} />
              <LatencyChart stats={stats.data} range={range} />
            </div>
            <LevelsChart stats={stats.data} range={range} />
          </>
        )}
        {workflow === undefined && (
          <div className="grid gap-4 lg:grid-cols-2">
            <Waits />
            <LatestFailures />
            <FailingWorkflows />
            <CostPanel range={range} from={from} />
          </div>
        )}
      </div>
    </Page>
  );
}

/** The address may name one that is deleted, or name it by its id. */
const namesWith = (chosen: string | undefined, items: readonly { readonly name: string }[]): readonly string[] => {
  const names = items.map(({ name }) => name);
  return chosen === undefined || names.includes(chosen) ? names : [chosen, ...names];
};
