/** Webhooks that were sent to others, attempt by attempt, newest first; beside them the one that is looked at. */
import { Link } from '@tanstack/react-router';
import { Webhook } from 'lucide-react';
import type { DeliveryAnswer } from '../../../../src/contract/deliveries.ts';
import { useApiPages } from '../../api/query.ts';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { span } from '../../components/spans.ts';
import { Badge } from '../../components/status.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { Ago } from '../../components/time.tsx';
import { ALL_SENT, isNarrowed, isTaken, type SentSearch, sentRequest } from './sent.ts';
import { SentPanel } from './sent-panel.tsx';

const COLUMNS: readonly Column<DeliveryAnswer>[] = [
  {
    id: 'status',
    title: 'Answer',
    width: '84px',
    cell: (one) => <Badge tone={isTaken(one) ? 'ok' : 'bad'}>{one.status ?? 'no answer'}</Badge>,
  },
  {
    id: 'type',
    title: 'Event',
    width: 'minmax(0, 1fr)',
    cell: ({ type }) => <span className="font-mono text-xs">{type}</span>,
  },
  {
    id: 'connection',
    title: 'Connection',
    width: 'minmax(0, 0.7fr)',
    wideOnly: true,
    cell: ({ connection }) => connection,
  },
  {
    id: 'response',
    title: 'What came back',
    width: 'minmax(0, 1.3fr)',
    wideOnly: true,
    cell: ({ error, response }) =>
      error === null ? (
        <span className="text-muted">{response}</span>
      ) : (
        <code className="text-bad text-xs">{error}</code>
      ),
  },
  {
    id: 'execution',
    title: 'Execution',
    width: '104px',
    wideOnly: true,
    cell: ({ executionId }) => (
      <Link
        to="/executions/$id"
        params={{ id: executionId }}
        tabIndex={-1}
        title={executionId}
        className="font-mono text-muted text-xs hover:underline"
      >
        {executionId.slice(-12)}
      </Link>
    ),
  },
  {
    id: 'attempt',
    title: 'Attempt',
    width: '56px',
    align: 'right',
    wideOnly: true,
    cell: ({ attempt, repeats }) => <span className="tabular-nums">{repeats === null ? attempt : 'again'}</span>,
  },
  {
    id: 'took',
    title: 'Took',
    width: '72px',
    align: 'right',
    wideOnly: true,
    cell: ({ durationMs }) => <span className="tabular-nums">{span(durationMs)}</span>,
  },
  { id: 'at', title: 'Sent', width: '96px', align: 'right', cell: ({ at }) => <Ago at={at} past /> },
];

/** Beside the panel there is room for these. */
const NARROW = COLUMNS.filter(({ id }) => !['connection', 'execution', 'took'].includes(id));

interface SentViewProps {
  readonly search: SentSearch & { readonly open?: string };
  readonly change: (part: SentSearch & { readonly open?: string }) => void;
}

export function SentView({ search, change }: SentViewProps) {
  const list = useApiPages('listDeliveries', sentRequest(search));
  if (list.error && list.items.length === 0)
    return (
      <div className="p-6">
        <ProblemNote error={list.error} retry={() => void list.refetch()} />
      </div>
    );
  if (list.isPending) return <Loading />;
  if (list.items.length === 0 && isNarrowed(search))
    return (
      <Empty
        icon={<Webhook size={20} />}
        title="No webhook fits these filters"
        action={<Button onClick={() => change(ALL_SENT)}>Show all</Button>}
      />
    );
  if (list.items.length === 0)
    return (
      <Empty
        icon={<Webhook size={20} />}
        title="No webhook was sent yet"
        action={
          <Link to="/settings" search={{ view: 'connections' }} className="text-accent hover:underline">
            To the connections
          </Link>
        }
      >
        A <code>webhook.send</code> node signs an event and sends it to the address of a connection; each attempt stands
        here with what was answered, as long as its execution is kept.
      </Empty>
    );
  return (
    <div className="relative flex h-full min-h-0">
      <div className="min-w-0 flex-1">
        <Table
          label="Sent webhooks"
          columns={search.open ? NARROW : COLUMNS}
          rows={list.items}
          keyOf={({ id }) => id}
          onOpen={({ id }) => change({ open: id })}
          chosen={search.open}
          more={list.hasNextPage && !list.isFetchingNextPage}
          onEnd={() => void list.fetchNextPage()}
        />
      </div>
      {search.open && (
        <SentPanel
          key={search.open}
          delivery={list.items.find(({ id }) => id === search.open)}
          close={() => change({ open: '' })}
          filter={change}
          open={(id) => change({ failed: '', open: id })}
        />
      )}
    </div>
  );
}
