/** One execution: what happened, what goes on, why it waits; live, and at any moment of its past. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import clsx from 'clsx';
import { useCallback, useEffect, useMemo } from 'react';
import type { Execution } from '../../../../src/contract/executions.ts';
import { ApiProblem } from '../../api/problem.ts';
import { early, later } from '../../components/early.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Status } from '../../components/status.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { hasWorkflow, nameOf } from './name-of.ts';
import { Facts } from './run/facts.tsx';
import { HeaderActions } from './run/header-actions.tsx';
import { useEventStore, useLiveRun } from './run/live-run.ts';
import { NodeList } from './run/node-list.tsx';
import { NodePanel } from './run/node-panel.tsx';
import { useDefinition, useExecution } from './run/reading.ts';
import { TimeTravel } from './run/time-travel.tsx';
import { Trouble } from './run/trouble.tsx';
import { useMoment } from './run/use-moment.ts';
import { useIsNarrow } from './run/use-narrow.ts';
import { RunProvider, type RunView, useRun } from './run/view.tsx';
import { Waits } from './run/waits.tsx';

const route = getRouteApi('/executions/$id');

// On its way while the execution is read: most who come here look at the graph.
const GraphView = early(import('./run/graph-view.tsx'));
const TimelineView = later(() => import('./run/timeline-view.tsx'));
const EventsView = later(() => import('./run/events-view.tsx'));
const ValuesView = later(() => import('./run/values-view.tsx'));

const VIEWS = ['graph', 'timeline', 'events', 'values'] as const;
type View = (typeof VIEWS)[number];

export default function ExecutionPage() {
  const { id } = route.useParams();
  // Another execution is another page: nothing of the one before is carried over.
  return <Run key={id} id={id} />;
}

function Run({ id }: { readonly id: string }) {
  const { at } = route.useSearch();
  const store = useEventStore(id);
  const now = useExecution(id);
  useLiveRun(now.data, store);
  const then = useExecution(id, at);
  const execution = at === undefined ? now.data : then.data;
  const fault = now.error ?? then.error;
  if (fault && !execution) {
    const isGone = fault instanceof ApiProblem && fault.status === 404;
    return (
      <Page title="Execution">
        {isGone ? (
          <Empty
            title="There is no such execution"
            action={
              <Link to="/executions" search={{}} className="text-accent hover:underline">
                To the executions
              </Link>
            }
          >
            It may have been deleted, or its time of retention is over.
          </Empty>
        ) : (
          <ProblemNote error={fault} retry={() => void now.refetch()} />
        )}
      </Page>
    );
  }
  if (!execution) return <Loading />;
  const isReading = at !== undefined && then.isPlaceholderData;
  return <Shown execution={execution} store={store} at={at} isReading={isReading} />;
}

interface ShownProps extends Pick<RunView, 'store' | 'at'> {
  readonly execution: Execution;
  /** What is shown is of another moment, until this one is read. */
  readonly isReading: boolean;
}

function Shown({ execution, store, at, isReading }: ShownProps) {
  const { id, workflowId, version, status } = execution;
  const isOfWorkflow = hasWorkflow(execution);
  const name = nameOf(execution);
  const { node, view: asked } = route.useSearch();
  const navigate = useNavigate({ from: '/executions/$id' });
  const version_ = useDefinition(workflowId, version);
  const definition = version_.data?.definition;
  const choose = useCallback(
    (path: string | undefined) =>
      void navigate({
        search: ({ node: _, ...rest }) => (path === undefined ? rest : { ...rest, node: path }),
        replace: true,
      }),
    [navigate],
  );
  const goTo = useCallback(
    (seq: number | undefined) =>
      void navigate({
        search: ({ at: _, ...rest }) => (seq === undefined ? rest : { ...rest, at: seq }),
        replace: true,
      }),
    [navigate],
  );
  const view: View = VIEWS.find((one) => one === asked) ?? 'graph';
  const then = useMoment(store, at);
  const moment = then === undefined ? undefined : new Date(then).toISOString();
  const run = useMemo<RunView>(
    () => ({ execution, definition, store, at, moment, node, choose, goTo }),
    [execution, definition, store, at, moment, node, choose, goTo],
  );
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isElsewhere =
        event.target instanceof HTMLElement &&
        event.target.closest('input:not([type=range]), textarea, select, [role="dialog"], [role="menu"]');
      if (event.key === 'Escape' && !isElsewhere) choose(undefined);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [choose]);
  const isNarrow = useIsNarrow();
  /** On a telephone the panel of a node lies over all of it. */
  const isUnder = isNarrow && node !== undefined;
  const bar = (
    <>
      <Tabs<View>
        label="Views"
        value={view}
        onChange={(next) => void navigate({ search: (before) => ({ ...before, view: next }), replace: true })}
        tabs={[
          { id: 'graph', label: isNarrow ? 'Nodes' : 'Graph' },
          { id: 'timeline', label: 'Timeline' },
          { id: 'events', label: 'Events' },
          { id: 'values', label: 'Input & output' },
        ]}
      />
      <div className="md:ml-auto">
        <Facts />
      </div>
    </>
  );
  const mark = (
    <>
      {execution.test ? (
        <span className="text-faint">test</span>
      ) : isOfWorkflow ? (
        <Link to="/workflows/$id" params={{ id: workflowId }} className="text-faint hover:text-text hover:underline">
          v{version}
        </Link>
      ) : (
        <span className="text-faint">v{version}</span>
      )}
      <Status status={status} />
      {at !== undefined && <span className="text-accent">{isReading ? 'looking back…' : 'as it was'}</span>}
    </>
  );
  const heading = isOfWorkflow ? (
    <Link to="/workflows/$id" params={{ id: workflowId }} title="Open the workflow" className="hover:underline">
      {name}
    </Link>
  ) : (
    name
  );
  return (
    <RunProvider value={run}>
      <Page title={name} heading={heading} mark={mark} actions={<HeaderActions key={id} />} bar={bar} full>
        <div
          className={clsx('relative flex h-full min-h-0 flex-col', isReading && '*:not-last:opacity-60')}
          aria-busy={isReading}
        >
          <div className="contents" inert={isUnder}>
            <Trouble />
            <Waits />
          </div>
          <div className="flex min-h-0 flex-1">
            <div className="min-h-0 min-w-0 flex-1" inert={isUnder}>
              <Viewed view={view} isMissing={version_.isError} />
            </div>
            {node !== undefined && <NodePanel path={node} />}
          </div>
          <div className="contents" inert={isUnder}>
            <TimeTravel />
          </div>
        </div>
      </Page>
    </RunProvider>
  );
}

function Viewed({ view, isMissing }: { readonly view: View; readonly isMissing: boolean }) {
  const { definition } = useRun();
  const isNarrow = useIsNarrow();
  if (view === 'timeline') return <TimelineView />;
  if (view === 'events') return <EventsView />;
  if (view === 'values') return <ValuesView />;
  if (isNarrow || isMissing) return <NodeList />;
  return definition === undefined ? <Loading /> : <GraphView definition={definition} />;
}
