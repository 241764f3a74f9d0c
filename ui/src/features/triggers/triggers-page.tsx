/** What starts executions, of all workflows: where webhooks listen, what events are heard, and whether it is on. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Copy, Zap } from 'lucide-react';
import type { TriggerAnswer } from '../../../../src/contract/triggers.ts';
import { useApiAll } from '../../api/query.ts';
import { IconButton } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { Empty } from '../../components/empty.tsx';
import { Select } from '../../components/field.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Badge, Status } from '../../components/status.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { triggerLine } from '../../graph/trigger-line.ts';
import { Next } from './next.tsx';
import { Details } from './trigger-details.tsx';

const route = getRouteApi('/triggers');

const COLUMNS: readonly Column<TriggerAnswer>[] = [
  {
    id: 'status',
    title: 'Status',
    width: '100px',
    cell: ({ active, state }) => (active ? <Status status={state?.status ?? 'active'} /> : <Badge>not active</Badge>),
  },
  { id: 'type', title: 'Type', width: '100px', wideOnly: true, cell: ({ type }) => type },
  {
    id: 'workflow',
    title: 'Workflow',
    width: 'minmax(0, 1fr)',
    cell: ({ workflowName, name }) => (
      <span title={`${workflowName} ${name}`}>
        {workflowName} <span className="text-faint">{name}</span>
      </span>
    ),
  },
  {
    id: 'hears',
    title: 'Hears',
    width: 'minmax(0, 2fr)',
    wideOnly: true,
    cell: ({ type, config, name, url }) => (
      <span className="flex items-center gap-1">
        <code className="truncate font-mono text-xs" title={triggerLine(type, config, url)}>
          {triggerLine(type, config, url)}
        </code>
        {url !== null && <CopyAddress name={name} path={url} />}
      </span>
    ),
  },
  {
    id: 'next',
    title: 'Next',
    width: '110px',
    align: 'right',
    cell: ({ nextAt }) => <Next at={nextAt} />,
  },
];

/** What it hears stands in its details, and the names need the room. */
const BESIDE_DETAILS = COLUMNS.filter(({ id }) => id !== 'hears');

function CopyAddress({ name, path }: { readonly name: string; readonly path: string }) {
  const address = location.origin + path;
  return (
    <IconButton label={`Copy the address of ${name}`} onClick={() => void copy(address, `Copied ${address}`)}>
      <Copy size={13} />
    </IconButton>
  );
}

export default function TriggersPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const change = (filter: Partial<typeof search>) =>
    void navigate({ to: '/triggers', search: { ...search, ...filter }, replace: true });
  const triggers = useApiAll('listProjectTriggers');
  const all = triggers.data?.items ?? [];
  const types = [...new Set(all.map(({ type }) => type))].sort();
  const chosen = all.find(({ id }) => id === search.id);
  const bar = (
    <Select
      aria-label="Type"
      value={search.type ?? ''}
      onChange={(event) => change({ type: event.target.value })}
      options={[{ value: '', label: 'Any type' }, ...types]}
    />
  );
  return (
    <Page title="Triggers" bar={bar} full>
      <Loaded
        query={triggers}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty
            icon={<Zap size={20} />}
            title="Nothing starts by itself yet"
            action={
              <Link to="/templates" className="text-accent hover:underline">
                See templates
              </Link>
            }
          >
            A trigger of a workflow hears a webhook, a schedule or an event, and starts an execution.
          </Empty>
        }
      >
        {({ items }) => (
          <div
            className={chosen ? 'grid h-full grid-rows-2 lg:grid-cols-[minmax(0,1fr)_24rem] lg:grid-rows-1' : 'h-full'}
          >
            <Table
              label="Triggers"
              columns={chosen ? BESIDE_DETAILS : COLUMNS}
              rows={items.filter(({ type }) => !search.type || type === search.type)}
              keyOf={({ id }) => id}
              onOpen={({ id }) => change({ id })}
              chosen={chosen?.id}
            />
            {chosen && <Details trigger={chosen} close={() => change({ id: '' })} />}
          </div>
        )}
      </Loaded>
    </Page>
  );
}
