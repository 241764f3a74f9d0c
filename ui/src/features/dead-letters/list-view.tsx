/** Dead letters one by one, the latest failure first; several can be chosen and worked on together. */
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { DeadLetterSummary } from '../../../../src/contract/dead-letters.ts';
import { useApiPages } from '../../api/query.ts';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { useRowKey } from '../../components/row-key.ts';
import { Badge, Status } from '../../components/status.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { Ago } from '../../components/time.tsx';
import { CATEGORY_WORDS } from './categories.ts';
import { type LetterSearch, listRequest } from './letter-search.ts';
import { ManyBar } from './many-bar.tsx';
import { NoLetters } from './no-letters.tsx';

/** On a telephone only where it differs from row to row. */
const statusColumn = (differs: boolean): Column<DeadLetterSummary> => ({
  id: 'status',
  title: 'Status',
  width: '90px',
  ...(!differs && { wideOnly: true }),
  cell: ({ status }) => <Status status={status} />,
});

const COLUMNS: readonly Column<DeadLetterSummary>[] = [
  {
    id: 'workflow',
    title: 'Workflow',
    width: 'minmax(0, 1fr)',
    wideOnly: true,
    cell: ({ workflowName, workflowId }) =>
      workflowName ?? <span className="text-faint">{workflowId === null ? 'a message' : 'deleted'}</span>,
  },
  {
    id: 'error',
    title: 'What failed',
    width: 'minmax(0, 3fr)',
    cell: ({ error }) => <span title={error.message}>{error.message}</span>,
  },
  {
    id: 'category',
    title: 'Category',
    width: '110px',
    wideOnly: true,
    cell: ({ category }) => <Badge>{CATEGORY_WORDS[category].name}</Badge>,
  },
  {
    id: 'retries',
    title: 'Retries',
    width: '60px',
    align: 'right',
    wideOnly: true,
    cell: ({ retries }) => <span className="tabular-nums">{retries}</span>,
  },
  { id: 'failed', title: 'Failed', width: '90px', align: 'right', cell: ({ failedAt }) => <Ago at={failedAt} /> },
];

export function ListView({ search }: { readonly search: LetterSearch }) {
  const navigate = useNavigate();
  const list = useApiPages('listDeadLetters', listRequest(search));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { items } = list;
  const shown = useMemo(() => new Set(items.map(({ id }) => id)), [list.data]);
  // What was dealt with meanwhile is not among the letters any more.
  const present = useMemo(() => [...chosen].filter((id) => shown.has(id)), [chosen, shown]);
  const toggle = (id: string) => {
    const next = new Set(present);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  useRowKey('x', toggle);
  if (list.error && items.length === 0) {
    return (
      <div className="p-6">
        <ProblemNote error={list.error} retry={() => void list.refetch()} />
      </div>
    );
  }
  if (list.isPending) return <Loading />;
  if (items.length === 0) return <NoLetters search={search} />;
  const isAll = present.length === items.length;
  const box: Column<DeadLetterSummary> = {
    id: 'chosen',
    title: (
      <input
        type="checkbox"
        aria-label={isAll ? 'Choose none' : `Choose all ${items.length} that are shown`}
        className="block size-4 accent-accent"
        checked={isAll}
        ref={(node) => {
          if (node) node.indeterminate = present.length > 0 && !isAll;
        }}
        onChange={() => setChosen(isAll ? new Set() : shown)}
      />
    ),
    width: '24px',
    cell: ({ id, error }) => (
      <input
        type="checkbox"
        aria-label={`Choose: ${error.message}`}
        className="block size-4 accent-accent"
        checked={chosen.has(id)}
        onClick={(event) => event.stopPropagation()}
        onChange={() => toggle(id)}
      />
    ),
  };
  return (
    <div className="flex h-full min-h-0 flex-col">
      <ManyBar
        search={search}
        ids={present}
        shown={items.length}
        hasMore={list.hasNextPage}
        clear={() => setChosen(new Set())}
      />
      <div className="min-h-0 flex-1">
        <Table
          label="Dead letters"
          columns={[box, statusColumn(search.status === 'all'), ...COLUMNS]}
          rows={items}
          keyOf={({ id }) => id}
          onOpen={({ id }) => void navigate({ to: '/dead-letters/$id', params: { id } })}
          more={list.hasNextPage && !list.isFetchingNextPage}
          onEnd={() => void list.fetchNextPage()}
        />
      </div>
    </div>
  );
}
