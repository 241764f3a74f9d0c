/** The log, newest first, and beside it the message that is looked at. */
import { Radio } from 'lucide-react';
import type { MessageSummary } from '../../../../src/contract/events.ts';
import { useApiPages } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { Ago } from '../../components/time.tsx';
import { filterOf, logRequest, type MessageSearch } from './filter.ts';
import { NO_FILTER } from './message-filters.tsx';
import { MessagePanel } from './message-panel.tsx';

const COLUMNS: readonly Column<MessageSummary>[] = [
  {
    id: 'position',
    title: 'Position',
    width: '80px',
    cell: ({ position }) => <span className="text-faint tabular-nums">{position}</span>,
  },
  {
    id: 'type',
    title: 'Type',
    width: 'minmax(0, 1.2fr)',
    cell: ({ type }) => (
      <span className="font-mono text-xs" title={type}>
        {type}
      </span>
    ),
  },
  { id: 'topic', title: 'Topic', width: 'minmax(0, 0.6fr)', wideOnly: true, cell: ({ topic }) => topic },
  { id: 'key', title: 'Key', width: 'minmax(0, 0.8fr)', wideOnly: true, cell: ({ key }) => key },
  {
    id: 'source',
    title: 'Source',
    width: 'minmax(0, 1.4fr)',
    wideOnly: true,
    cell: ({ source }) => (
      <span className="text-muted" title={source}>
        {source}
      </span>
    ),
  },
  { id: 'at', title: 'Written', width: '100px', align: 'right', cell: ({ at }) => <Ago at={at} /> },
];

/** The panel says the rest, and the types need the room. */
const BESIDE_PANEL = COLUMNS.filter(({ id }) => !['topic', 'key', 'source'].includes(id));

interface LogViewProps {
  readonly search: MessageSearch & { readonly open?: string };
  readonly change: (part: MessageSearch & { readonly open?: string }) => void;
  readonly send: () => void;
}

export function LogView({ search, change, send }: LogViewProps) {
  const filter = filterOf(search);
  const list = useApiPages('listEvents', logRequest(search));
  if (list.error && list.items.length === 0)
    return (
      <div className="p-6">
        <ProblemNote error={list.error} retry={() => void list.refetch()} />
      </div>
    );
  if (list.isPending) return <Loading />;
  return (
    <div className="relative flex h-full min-h-0">
      <div className="min-w-0 flex-1">
        {list.items.length > 0 ? (
          <Table
            label="Messages"
            columns={search.open ? BESIDE_PANEL : COLUMNS}
            rows={list.items}
            chosen={search.open}
            keyOf={({ position }) => String(position)}
            onOpen={({ position }) => change({ open: String(position) })}
            more={list.hasNextPage && !list.isFetchingNextPage}
            onEnd={() => void list.fetchNextPage()}
          />
        ) : Object.keys(filter).length > 0 ? (
          <Empty
            icon={<Radio size={20} />}
            title="No message fits these filters"
            action={<Button onClick={() => change(NO_FILTER)}>Show all</Button>}
          />
        ) : (
          <Empty
            icon={<Radio size={20} />}
            title="Nothing has happened yet"
            action={
              <Button operation="sendEvents" onClick={send}>
                Send one
              </Button>
            }
          >
            What <code>emit</code> nodes say and others send stands here for a week, for whoever wants to read it again.
          </Empty>
        )}
      </div>
      {search.open && (
        <MessagePanel key={search.open} position={search.open} close={() => change({ open: '' })} filter={change} />
      )}
    </div>
  );
}
