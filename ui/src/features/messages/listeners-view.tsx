/** Which workflows hear which messages, and how far behind each is in their log. */
import { Link, useNavigate } from '@tanstack/react-router';
import { FastForward, Zap } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { Answer } from '../../api/call.ts';
import { useApiAll } from '../../api/query.ts';
import { IconButton } from '../../components/button.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loading } from '../../components/loading.tsx';
import { Permitted } from '../../components/permitted.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { span } from '../../components/spans.ts';
import { Status } from '../../components/status.tsx';
import { type Column, Table } from '../../components/table.tsx';
import { Tip } from '../../components/tip.tsx';
import { counted, type Group, nameOf } from './group.ts';

const ResetGroup = lazy(() => import('./reset-group.tsx'));

type Trigger = Answer<'listProjectTriggers'>['items'][number];
type Listener = Trigger & { readonly of: Group | undefined };

const columns = (reset: (group: Group) => void): readonly Column<Listener>[] => [
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
    id: 'state',
    title: 'It is',
    width: '120px',
    // Of a group others may hear what this one does not.
    cell: ({ active, of }) => <Status status={!active ? 'paused' : (of?.state ?? 'live')} />,
  },
  { id: 'behind', title: 'Before it', width: '190px', cell: ({ of }) => of && <Behind group={of} /> },
  {
    id: 'reset',
    title: '',
    width: '44px',
    cell: ({ of }) =>
      of && (
        <IconButton
          operation="resetEventGroup"
          label={`Set ${nameOf(of)} to another place of the log`}
          onClick={(event) => {
            event.stopPropagation();
            reset(of);
          }}
        >
          <FastForward size={14} />
        </IconButton>
      ),
  },
];

function Behind({ group: { lag, gone, missed, state } }: { readonly group: Group }) {
  const words = lag.messages === 0 ? '' : `${counted(lag)}, ${span(lag.ms)} old`;
  return (
    <span className="flex min-w-0 flex-col">
      {words !== '' && <span className="truncate tabular-nums">{words}</span>}
      {state === 'paused' && missed === 'skip' && <span className="text-muted">what comes is passed over</span>}
      {gone > 0 && (
        <Tip text="Messages of the project left the log before it had read them">
          <span className="text-warn tabular-nums">{gone.toLocaleString('en-US')} gone</span>
        </Tip>
      )}
    </span>
  );
}

export function ListenersView() {
  const navigate = useNavigate();
  const triggers = useApiAll('listProjectTriggers');
  const groups = useApiAll('listEventGroups');
  const [chosen, setChosen] = useState<Group>();
  const shown = useMemo(() => columns(setChosen), []);
  if (triggers.error && triggers.data === undefined)
    return (
      <div className="p-6">
        <ProblemNote error={triggers.error} retry={() => void triggers.refetch()} />
      </div>
    );
  if (triggers.data === undefined) return <Loading />;
  const byTrigger = new Map(groups.data?.items.flatMap((of) => of.members.map((one) => [one.triggerId, of] as const)));
  const listeners = triggers.data.items
    .filter(({ type }) => type === 'event')
    .map((trigger) => ({ ...trigger, of: byTrigger.get(trigger.id) }));
  if (listeners.length === 0)
    return (
      <Empty
        icon={<Zap size={20} />}
        title="Nobody listens yet"
        action={
          <Permitted operation="createWorkflow">
            <Link to="/workflows/new" className="text-accent hover:underline">
              Make a workflow that listens
            </Link>
          </Permitted>
        }
      >
        A workflow with a trigger of type <code>event</code> and a pattern such as <code>order.*</code> starts an
        execution for each message that fits.
      </Empty>
    );
  return (
    <>
      <Table
        label="Who listens"
        columns={shown}
        rows={listeners}
        keyOf={({ id }) => id}
        onOpen={({ workflowId }) => void navigate({ to: `/workflows/${workflowId}` })}
      />
      <Suspense>{chosen && <ResetGroup group={chosen} onClose={() => setChosen(undefined)} />}</Suspense>
    </>
  );
}
