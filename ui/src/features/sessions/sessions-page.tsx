/** Conversations with agents, the latest activity first, with every filter in the address. */

import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Bot, Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Session } from '../../../../src/contract/sessions.ts';
import { NANOS } from '../../../../src/core/money.ts';
import { useApiPages } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { DateRange } from '../../components/date-range.tsx';
import { Empty } from '../../components/empty.tsx';
import { Input, Select } from '../../components/field.tsx';
import { Loading } from '../../components/loading.tsx';
import { money } from '../../components/money.ts';
import { Page } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Badge, Status } from '../../components/status.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { Ago } from '../../components/time.tsx';
import { RecallDialog } from './recall.tsx';

const route = getRouteApi('/sessions');

const COLUMNS: readonly Column<Session>[] = [
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
    cell: ({ cost }) => money(cost / NANOS, 'USD'),
  },
  { id: 'at', title: 'Active', width: '90px', align: 'right', cell: ({ lastActivity }) => <Ago at={lastActivity} /> },
];

type Filter = ReturnType<typeof route.useSearch>;

export default function SessionsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [recalling, setRecalling] = useState(false);
  const { tag, ...rest } = search;
  const list = useApiPages('listSessions', { query: { ...rest, ...(tag && { tags: tag }) } });
  const change = (filter: Partial<Filter>) =>
    void navigate({ to: '/sessions', search: { ...search, ...filter }, replace: true });
  const isFiltered = Object.keys(search).length > 0;
  const actions = (
    <Button icon={<Search size={14} />} onClick={() => setRecalling(true)}>
      Search what was said
    </Button>
  );
  return (
    <Page title="Sessions" actions={actions} bar={<Filters search={search} change={change} />} full>
      {list.error && list.items.length === 0 ? (
        <div className="p-6">
          <ProblemNote error={list.error} retry={() => void list.refetch()} />
        </div>
      ) : list.isPending ? (
        <Loading />
      ) : list.items.length === 0 ? (
        <Empty
          icon={<Bot size={20} />}
          title={isFiltered ? 'No session fits these filters' : 'Nobody has talked to an agent yet'}
          action={
            isFiltered && <Button onClick={() => void navigate({ to: '/sessions', search: {} })}>Show all</Button>
          }
        >
          {isFiltered
            ? undefined
            : 'An agent node with a session keeps its conversation here: what was said, thought, called and paid.'}
        </Empty>
      ) : (
        <Table
          label="Sessions"
          columns={COLUMNS}
          rows={list.items}
          keyOf={({ id }) => id}
          onOpen={({ id }) => void navigate({ to: '/sessions/$id', params: { id } })}
          more={list.hasNextPage && !list.isFetchingNextPage}
          onEnd={() => void list.fetchNextPage()}
        />
      )}
      {recalling && <RecallDialog close={() => setRecalling(false)} />}
    </Page>
  );
}

const TEXTS = [
  ['agent', 'Agent'],
  ['user', 'User'],
  ['category', 'Category'],
  ['tag', 'Tags, with commas'],
] as const;

/** Texts are sent when they are complete: by Enter, or when the field is left. */
function Filters({ search, change }: { readonly search: Filter; readonly change: (filter: Partial<Filter>) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    change(Object.fromEntries(TEXTS.map(([name]) => [name, String(form.get(name) ?? '')])));
  };
  return (
    <form onSubmit={submit} className="contents">
      <Select
        aria-label="Status"
        value={search.status ?? ''}
        onChange={(event) => change({ status: event.target.value })}
        options={[{ value: '', label: 'Any status' }, 'active', 'ended']}
      />
      {TEXTS.map(([name, label]) => (
        <Input
          key={`${name} ${search[name] ?? ''}`}
          name={name}
          aria-label={label}
          placeholder={label}
          className="w-36!"
          defaultValue={search[name] ?? ''}
          onBlur={(event) => event.target.value !== (search[name] ?? '') && event.target.form?.requestSubmit()}
        />
      ))}
      <DateRange what="Active" days={search} onChange={change} />
      <button type="submit" className="sr-only">
        Filter
      </button>
    </form>
  );
}
