/** What ran, what runs, what waits: newest first, live, with filters that are kept in the address. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { useState } from 'react';
import type { ExecutionSummary } from '../../../../src/contract/executions.ts';
import { useApiPages } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { useRowKey } from '../../components/row-key.ts';
import { Status } from '../../components/status.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { Ago, Took } from '../../components/time.tsx';
import { ExecutionProgress } from './bulk-progress.tsx';
import { type Choice, nothing, toggled } from './choice.ts';
import { ChoiceBar } from './choice-bar.tsx';
import { costWords, useCosts } from './costs.ts';
import { ExecutionFilters } from './execution-filters.tsx';
import { listRequest, PAGE } from './execution-search.ts';
import { LookedBack } from './looked-back.tsx';
import { nameOf } from './name-of.ts';
import { OpenById } from './open-by-id.tsx';

const route = getRouteApi('/executions');

const COLUMNS: readonly Column<ExecutionSummary>[] = [
  { id: 'status', title: 'Status', width: '112px', cell: ({ status }) => <Status status={status} /> },
  {
    id: 'workflow',
    title: 'Workflow',
    width: 'minmax(0, 1.2fr)',
    // A real link, so that it can be opened in another tab.
    cell: (row) => (
      <Link to="/executions/$id" params={{ id: row.id }} tabIndex={-1}>
        {nameOf(row)} <span className="text-faint">{row.test ? 'test' : `v${row.version}`}</span>
      </Link>
    ),
  },
  {
    id: 'error',
    title: 'What happened',
    width: 'minmax(0, 2fr)',
    wideOnly: true,
    cell: ({ error, triggerId }) =>
      error ? (
        <span className="text-bad" title={error.message}>
          {error.message}
        </span>
      ) : (
        <span className="text-faint">by {triggerId}</span>
      ),
  },
  {
    id: 'took',
    title: 'Took',
    width: '100px',
    align: 'right',
    wideOnly: true,
    cell: ({ startedAt, finishedAt }) => <Took from={startedAt} to={finishedAt} />,
  },
  { id: 'created', title: 'Started', width: '84px', align: 'right', cell: ({ createdAt }) => <Ago at={createdAt} /> },
];

/** Shown where models were asked. */
const costOf = (costs: ReturnType<typeof useCosts>): Column<ExecutionSummary> => ({
  id: 'cost',
  title: 'Cost',
  width: '84px',
  align: 'right',
  wideOnly: true,
  cell: ({ id }) => <span className="text-muted tabular-nums">{costWords(costs.get(id) ?? [])}</span>,
});

/** Boxes to choose several, and one for all that are shown. */
function choiceOf(
  rows: readonly ExecutionSummary[],
  choice: Choice,
  choose: (choice: Choice) => void,
): Column<ExecutionSummary> {
  const isShown = choice.isAll || (rows.length > 0 && rows.every(({ id }) => choice.ids.has(id)));
  const shown = rows.map(({ id }) => id);
  return {
    id: 'choice',
    width: '16px',
    wideOnly: true,
    title: (
      <input
        type="checkbox"
        aria-label="Choose all that are shown"
        className="block size-3.5 translate-y-0.5 accent-accent"
        checked={isShown}
        ref={(node) => {
          if (node) node.indeterminate = choice.ids.size > 0 && !isShown;
        }}
        onChange={() => choose(isShown ? nothing(choice.under) : { ...choice, ids: new Set(shown), isAll: false })}
      />
    ),
    cell: (row) => (
      <input
        type="checkbox"
        aria-label={`Choose ${nameOf(row)} ${row.id}`}
        className="block size-3.5 accent-accent"
        checked={choice.isAll || choice.ids.has(row.id)}
        onClick={(event) => event.stopPropagation()}
        onChange={() => choose(toggled(choice, row.id, shown))}
      />
    ),
  };
}

export default function ExecutionsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const list = useApiPages('listExecutions', listRequest(search));
  const under = JSON.stringify(search);
  const [made, choose] = useState(() => nothing(under));
  const choice = made.under === under ? made : nothing(under);
  const shown = list.items.map(({ id }) => id);
  useRowKey('x', (id) => choose(toggled(choice, id, shown)));
  const costs = useCosts(list.data?.pages.map(({ items }) => items.map(({ id }) => id)) ?? []);
  const rows = list.items.filter(({ id }) => choice.ids.has(id));
  return (
    <Page title="Executions" bar={<ExecutionFilters search={search} items={list.items} />} actions={<OpenById />} full>
      <div className="flex h-full min-h-0 flex-col">
        <ExecutionProgress />
        <div className="min-h-0 flex-1">
          <Content
            list={list}
            columns={[
              choiceOf(list.items, choice, choose),
              ...COLUMNS.slice(0, -1),
              ...(costs.size > 0 ? [costOf(costs)] : []),
              ...COLUMNS.slice(-1),
            ]}
            clear={() => void navigate({ to: '/executions', search: {} })}
            open={({ id }) => void navigate({ to: `/executions/${id}` })}
            filtered={Object.keys(search).length > 0}
          />
        </div>
        {(rows.length > 0 || choice.isAll) && (
          <ChoiceBar
            search={search}
            rows={rows}
            isAll={choice.isAll}
            canTakeAll={list.hasNextPage && rows.length === list.items.length}
            takeAll={() => choose({ ...choice, isAll: true })}
            clear={() => choose(nothing(under))}
          />
        )}
      </div>
    </Page>
  );
}

interface ContentProps {
  readonly list: ReturnType<typeof useApiPages<'listExecutions'>>;
  readonly columns: readonly Column<ExecutionSummary>[];
  readonly filtered: boolean;
  readonly clear: () => void;
  readonly open: (row: ExecutionSummary) => void;
}

function Content({ list, columns, filtered, clear, open }: ContentProps) {
  if (list.error && list.items.length === 0)
    return (
      <div className="p-6">
        <ProblemNote error={list.error} retry={() => void list.refetch()} />
      </div>
    );
  if (list.isPending) return <Loading />;
  const { items, nextCursor } = list.data?.pages.at(-1) ?? { items: [], nextCursor: null };
  // A page that is not full says how far it looked; to read on by itself could take all night.
  const isShort = nextCursor !== null && items.length < PAGE;
  const next = () => void list.fetchNextPage();
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="min-h-0 flex-1">
        {list.items.length === 0 ? (
          <Nothing filtered={filtered} soFar={isShort} clear={clear} />
        ) : (
          <Table
            label="Executions"
            columns={columns}
            rows={list.items}
            keyOf={({ id }) => id}
            onOpen={open}
            more={list.hasNextPage && !isShort && !list.isFetchingNextPage}
            onEnd={next}
          />
        )}
      </div>
      {isShort && <LookedBack cursor={nextCursor} busy={list.isFetchingNextPage} onMore={next} />}
    </div>
  );
}

interface NothingProps {
  readonly filtered: boolean;
  /** There may be older ones. */
  readonly soFar: boolean;
  readonly clear: () => void;
}

function Nothing({ filtered, soFar, clear }: NothingProps) {
  if (filtered) {
    return (
      <Empty
        icon={<Play size={20} />}
        title={soFar ? 'Nothing fits these filters so far' : 'Nothing fits these filters'}
        action={<Button onClick={clear}>Show all</Button>}
      />
    );
  }
  return (
    <Empty
      icon={<Play size={20} />}
      title="Nothing has run yet"
      action={
        <a className="text-accent hover:underline" href="/workflows">
          To the workflows
        </a>
      }
    >
      Each time a trigger fires or somebody presses Run, an execution appears here.
    </Empty>
  );
}
