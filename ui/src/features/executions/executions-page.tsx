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
import { Status } from '../../components/status.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { Ago, Took } from '../../components/time.tsx';

import { costWords, useCosts } from './costs.ts';

import { ExecutionFilters } from './execution-filters.tsx';
import { queryOf } from './execution-search.ts';

import { nameOf } from './name-of.ts';

import { OpenById } from './open-by-id.tsx';
import { Several } from './several.tsx';

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
  chosen: ReadonlySet<string>,
  choose: (ids: ReadonlySet<string>) => void,
): Column<ExecutionSummary> {
  const isAll = rows.length > 0 && rows.every(({ id }) => chosen.has(id));
  const toggle = (id: string) =>
    choose(chosen.has(id) ? new Set([...chosen].filter((one) => one !== id)) : new Set([...chosen, id]));
  return {
    id: 'choice',
    width: '16px',
    wideOnly: true,
    title: (
      <input
        type="checkbox"
        aria-label="Choose all that are shown"
        className="block size-3.5 translate-y-0.5 accent-accent"
        checked={isAll}
        onChange={() => choose(isAll ? new Set() : new Set(rows.map(({ id }) => id)))}
      />
    ),
    cell: (row) => (
      <input
        type="checkbox"
        aria-label={`Choose ${nameOf(row)} ${row.id}`}
        className="block size-3.5 accent-accent"
        checked={chosen.has(row.id)}
        onClick={(event) => event.stopPropagation()}
        onChange={() => toggle(row.id)}
      />
    ),
  };
}

export default function ExecutionsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const list = useApiPages('listExecutions', { query: queryOf(search) });
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const costs = useCosts(list.data?.pages.map(({ items }) => items.map(({ id }) => id)) ?? []);
  const several = list.items.filter(({ id }) => chosen.has(id));
  const actions = (
    <>
      {several.length > 0 && <Several rows={several} choose={choose} />}
      <OpenById />
    </>
  );
  return (
    <Page title="Executions" bar={<ExecutionFilters search={search} items={list.items} />} actions={actions} full>
      <Content
        list={list}
        columns={[
          choiceOf(list.items, chosen, choose),
          ...COLUMNS.slice(0, -1),
          ...(costs.size > 0 ? [costOf(costs)] : []),
          ...COLUMNS.slice(-1),
        ]}
        clear={() => void navigate({ to: '/executions', search: {} })}
        open={({ id }) => void navigate({ to: `/executions/${id}` })}
        filtered={Object.keys(search).length > 0}
      />
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
  if (list.items.length === 0 && filtered) {
    return (
      <Empty
        icon={<Play size={20} />}
        title="Nothing fits these filters"
        action={<Button onClick={clear}>Show all</Button>}
      />
    );
  }
  if (list.items.length === 0) {
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
  return (
    <Table
      label="Executions"
      columns={columns}
      rows={list.items}
      keyOf={({ id }) => id}
      onOpen={open}
      more={list.hasNextPage && !list.isFetchingNextPage}
      onEnd={() => void list.fetchNextPage()}
    />
  );
}
