/** Conversations with agents, the latest activity first. */
import { Link, useNavigate } from '@tanstack/react-router';
import { Bot } from 'lucide-react';
import { useMemo } from 'react';
import type { Session } from '../../../../src/contract/sessions.ts';
import { NANOS } from '../../../../src/core/money.ts';
import { useApiPages } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loading } from '../../components/loading.tsx';
import { money } from '../../components/money.ts';
import { ProblemNote } from '../../components/problem.tsx';
import { Badge, Status } from '../../components/status.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { Ago } from '../../components/time.tsx';
import { useCurrency } from './currency.ts';
import { listRequest, type SessionSearch } from './session-search.ts';

const columnsIn = (currency: string): readonly Column<Session>[] => [
  { id: 'status', title: 'Status', width: '90px', cell: ({ status }) => <Status status={status} /> },
  {
    id: 'key',
    title: 'Session',
    width: 'minmax(0, 1fr)',
    cell: ({ key, agent }) => (
      <>
        {key} <span className="text-faint">{agent}</span>
      </>
    ),
  },
  {
    id: 'user',
    title: 'User',
    width: '120px',
    wideOnly: true,
    cell: ({ userId }) => userId ?? <span className="text-faint">unknown</span>,
  },
  {
    id: 'last',
    title: 'Last said',
    width: 'minmax(0, 2fr)',
    wideOnly: true,
    cell: ({ lastRole, lastResponse, lastUserMessage }) => (
      <span className="text-muted">{(lastRole === 'user' ? lastUserMessage : lastResponse) ?? ''}</span>
    ),
  },
  {
    id: 'tags',
    title: 'Tags',
    width: 'minmax(0, 0.7fr)',
    wideOnly: true,
    cell: ({ category, tags }) => (
      <span className="inline-flex gap-1">
        {category && <Badge tone="accent">{category}</Badge>}
        {tags.slice(0, 3).map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
      </span>
    ),
  },
  {
    id: 'cost',
    title: 'Cost',
    width: '80px',
    align: 'right',
    wideOnly: true,
    cell: ({ cost }) => money(cost / NANOS, currency),
  },
  { id: 'at', title: 'Active', width: '90px', align: 'right', cell: ({ lastActivity }) => <Ago at={lastActivity} /> },
];

export function SessionsView({ search }: { readonly search: SessionSearch }) {
  const navigate = useNavigate();
  const { view: _, tag, ...rest } = search;
  const list = useApiPages('listSessions', listRequest(search));
  const currency = useCurrency();
  const columns = useMemo(() => columnsIn(currency), [currency]);
  const isFiltered = tag !== undefined || Object.keys(rest).length > 0;
  if (list.error && list.items.length === 0)
    return (
      <div className="p-6">
        <ProblemNote error={list.error} retry={() => void list.refetch()} />
      </div>
    );
  if (list.isPending) return <Loading />;
  if (list.items.length === 0)
    return (
      <Empty
        icon={<Bot size={20} />}
        title={isFiltered ? 'No session fits these filters' : 'Nobody has talked to an agent yet'}
        action={
          isFiltered ? (
            <Button onClick={() => void navigate({ to: '/sessions', search: {} })}>Show all</Button>
          ) : (
            <Link to="/templates" className="text-accent hover:underline">
              To the templates
            </Link>
          )
        }
      >
        {isFiltered
          ? undefined
          : 'An agent node with a session keeps its conversation here: what was said, thought, called and paid.'}
      </Empty>
    );
  return (
    <Table
      label="Sessions"
      columns={columns}
      rows={list.items}
      keyOf={({ id }) => id}
      onOpen={({ id }) => void navigate({ to: '/sessions/$id', params: { id } })}
      more={list.hasNextPage && !list.isFetchingNextPage}
      onEnd={() => void list.fetchNextPage()}
    />
  );
}
