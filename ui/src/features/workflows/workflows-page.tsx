/** All workflows: how each is doing, and what can be done with it. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { FileUp, LayoutTemplate, Plus, Workflow } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useApiAll, useApiPages } from '../../api/query.ts';
import { Button, buttonClass } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { Input, Select } from '../../components/field.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { Permitted } from '../../components/permitted.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Table } from '../../components/table.tsx';
import { COLUMNS } from './list/columns.tsx';
import { ImportDialog } from './list/import-dialog.tsx';
import { listRequest, rowsOf } from './list/rows.ts';

const route = getRouteApi('/workflows');

/** Figures are counted some seconds after what they count, and nothing tells of it. */
const FIGURES_MS = 15_000;

export default function WorkflowsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [importing, setImporting] = useState(false);
  const change = (filter: Partial<typeof search>) =>
    void navigate({ to: '/workflows', search: { ...search, ...filter }, replace: true });
  const bar = (
    <>
      <Input
        data-search
        type="search"
        aria-label="Search by name or description"
        placeholder="Search"
        className="w-56! max-md:w-full!"
        value={search.name ?? ''}
        onChange={(event) => change({ name: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') change({ name: '' });
          if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('[data-row]')?.focus();
        }}
      />
      <Select
        aria-label="Status"
        value={search.status ?? ''}
        onChange={(event) => change({ status: event.target.value })}
        options={[{ value: '', label: 'Any status' }, 'active', 'paused', 'draft']}
      />
    </>
  );
  const actions = (
    <>
      <Button operation="createWorkflow" kind="quiet" icon={<FileUp size={14} />} onClick={() => setImporting(true)}>
        Import a file
      </Button>
      <Link to="/templates" className={buttonClass()}>
        <LayoutTemplate size={14} /> From a template
      </Link>
      <Permitted operation="createWorkflow">
        <Link to="/workflows/new" className={buttonClass('primary')}>
          <Plus size={14} /> New workflow
        </Link>
      </Permitted>
    </>
  );
  return (
    <Page title="Workflows" bar={bar} actions={actions} full>
      <List status={search.status} name={search.name} clear={() => void navigate({ to: '/workflows', search: {} })} />
      {importing && <ImportDialog close={() => setImporting(false)} />}
    </Page>
  );
}

interface ListProps {
  readonly status: string | undefined;
  readonly name: string | undefined;
  readonly clear: () => void;
}

function List({ status, name, clear }: ListProps) {
  const navigate = useNavigate();
  const list = useApiPages('listWorkflows', listRequest(status));
  const stats = useApiAll('getWorkflowStats', { refetchInterval: FIGURES_MS });
  const rows = rowsOf(list.items, stats.data?.items ?? [], name);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const isSearching = rows.length === 0 && hasNextPage;
  useEffect(() => {
    if (isSearching && !isFetchingNextPage) void fetchNextPage();
  }, [isSearching, isFetchingNextPage, fetchNextPage]);
  if (list.error && list.items.length === 0) {
    return (
      <div className="p-6">
        <ProblemNote error={list.error} retry={() => void list.refetch()} />
      </div>
    );
  }
  if (list.isPending || isSearching) return <Loading />;
  if (rows.length === 0) return status || name ? <NoneFit clear={clear} /> : <None />;
  return (
    <Table
      label="Workflows"
      columns={COLUMNS}
      rows={rows}
      keyOf={({ id }) => id}
      onOpen={({ id }) => void navigate({ to: '/workflows/$id', params: { id } })}
      more={hasNextPage && !isFetchingNextPage}
      onEnd={() => void fetchNextPage()}
    />
  );
}

const NoneFit = ({ clear }: { readonly clear: () => void }) => (
  <Empty
    icon={<Workflow size={20} />}
    title="No workflow is like this"
    action={<Button onClick={clear}>Show all</Button>}
  />
);

const None = () => (
  <Empty
    icon={<Workflow size={20} />}
    title="There is no workflow yet"
    action={
      <Link to="/templates" className={buttonClass('primary')}>
        Choose a template
      </Link>
    }
  >
    A workflow says what is done when something happens. The quickest way to one is a template that runs at once.
  </Empty>
);
