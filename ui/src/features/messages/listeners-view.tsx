/** Which workflows hear which messages. */
import { Link, useNavigate } from '@tanstack/react-router';
import { Zap } from 'lucide-react';
import type { Answer } from '../../api/call.ts';
import { useApiAll } from '../../api/query.ts';
import { Empty } from '../../components/empty.tsx';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Status } from '../../components/status.tsx';
import { type Column, Table } from '../../components/table.tsx';

type Trigger = Answer<'listProjectTriggers'>['items'][number];

const COLUMNS: readonly Column<Trigger>[] = [
  {
    id: 'event',
    title: 'Hears',
    width: 'minmax(0, 1fr)',
    cell: ({ config }) => <code className="text-xs">{String(config.event)}</code>,
  },
  {
    id: 'workflow',
    title: 'Workflow',
    width: 'minmax(0, 1fr)',
    cell: ({ workflowId, workflowName }) => (
      <Link to="/workflows/$id" params={{ id: workflowId }} tabIndex={-1}>
        {workflowName}
      </Link>
    ),
  },
  {
    id: 'filter',
    title: 'Only where',
    width: 'minmax(0, 1.6fr)',
    wideOnly: true,
    cell: ({ config: { filter, topic, group } }) => (
      <span className="text-muted">
        {[
          ...(topic === undefined ? [] : [`topic ${topic}`]),
          ...(group === undefined ? [] : [`one of the group ${group}`]),
          ...(filter === undefined ? [] : [String(filter)]),
        ].join(', ')}
      </span>
    ),
  },
  {
    id: 'active',
    title: 'Workflow is',
    width: '110px',
    cell: ({ active }) => <Status status={active ? 'active' : 'paused'} />,
  },
];

export function ListenersView() {
  const navigate = useNavigate();
  const triggers = useApiAll('listProjectTriggers');
  if (triggers.error && triggers.data === undefined)
    return (
      <div className="p-6">
        <ProblemNote error={triggers.error} retry={() => void triggers.refetch()} />
      </div>
    );
  if (triggers.data === undefined) return <Loading />;
  const listeners = triggers.data.items.filter(({ type }) => type === 'event');
  if (listeners.length === 0)
    return (
      <Empty
        icon={<Zap size={20} />}
        title="Nobody listens yet"
        action={
          <Link to="/workflows/new" className="text-accent hover:underline">
            Make a workflow that listens
          </Link>
        }
      >
        A workflow with a trigger of type <code>event</code> and a pattern such as <code>order.*</code> starts an
        execution for each message that fits.
      </Empty>
    );
  return (
    <Table
      label="Who listens"
      columns={COLUMNS}
      rows={listeners}
      keyOf={({ id }) => id}
      onOpen={({ workflowId }) => void navigate({ to: `/workflows/${workflowId}` })}
    />
  );
}
