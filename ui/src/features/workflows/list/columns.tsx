/** What the list of workflows says of each. */
import { Link } from '@tanstack/react-router';
import clsx from 'clsx';
import { count } from '../../../components/money.ts';
import { span } from '../../../components/spans.ts';
import { Status } from '../../../components/status.tsx';
import type { Column } from '../../../components/table.tsx';
import { Ago } from '../../../components/time.tsx';
import { TypeIcons } from '../../../graph/type-icons.tsx';
import { RowActions } from './row-actions.tsx';
import type { Row } from './rows.ts';
import { Spark } from './spark.tsx';

const NONE = <span className="text-faint">–</span>;

const HOUR_MS = 3_600_000;
/** The figures are of 24 whole hours, the present one last. */
const since = (): string => new Date((Math.floor(Date.now() / HOUR_MS) - 23) * HOUR_MS).toISOString();
const STATUSES = { failed: 'failed,compensation_failed', compensated: 'compensated' };

interface EndedProps {
  readonly workflow: string;
  readonly status: 'failed' | 'compensated';
  readonly times: number;
  readonly color: string;
}

const Ended = ({ workflow, status, times, color }: EndedProps) => (
  <Link
    to="/executions"
    search={{ workflow, status: STATUSES[status], endedFrom: since() }}
    className={clsx(color, 'block truncate hover:underline')}
    title={`${times} ${status} in the last 24 hours`}
  >
    {count(times)} {status}
  </Link>
);

const day = ({ name, stats }: Row) => {
  if (stats === undefined) return NONE;
  return (
    <span className="flex items-center justify-end gap-3 tabular-nums">
      <span className="mr-auto">
        <Spark hours={stats.spark} />
      </span>
      <span className="w-9">{count(stats.started)}</span>
      <span className="w-27 text-xs leading-tight">
        {stats.failed > 0 && <Ended workflow={name} status="failed" times={stats.failed} color="text-bad" />}
        {stats.compensated > 0 && (
          <Ended workflow={name} status="compensated" times={stats.compensated} color="text-warn" />
        )}
        {stats.failed + stats.compensated === 0 && <span className="text-faint">none failed</span>}
      </span>
    </span>
  );
};

export const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'name',
    title: 'Name',
    width: 'minmax(0, 1fr)',
    cell: ({ id, name, description }) => (
      <span className="block leading-tight">
        <Link to="/workflows/$id" params={{ id }} className="block truncate font-medium hover:underline">
          {name}
        </Link>
        {description && (
          <span className="block truncate text-2xs text-faint" title={description}>
            {description}
          </span>
        )}
      </span>
    ),
  },
  { id: 'status', title: 'Status', width: '76px', cell: ({ status }) => <Status status={status} /> },
  {
    id: 'triggers',
    title: 'Triggers',
    width: '62px',
    wideOnly: true,
    cell: ({ triggers }) => <TypeIcons types={triggers} none="none" />,
  },
  {
    id: 'version',
    title: 'Version',
    width: '52px',
    align: 'right',
    wideOnly: true,
    cell: ({ id, version }) => (
      <Link to="/workflows/$id/versions" params={{ id }} className="text-muted tabular-nums hover:underline">
        {version}
      </Link>
    ),
  },
  {
    id: 'last',
    title: 'Last execution',
    width: '184px',
    wideOnly: true,
    cell: ({ stats }) =>
      stats?.last ? (
        <Link
          to="/executions/$id"
          params={{ id: stats.last.id }}
          className="flex items-center justify-between gap-2 hover:underline"
        >
          <Status status={stats.last.status} />
          <span className="text-faint text-xs">
            <Ago at={stats.last.at} past />
          </span>
        </Link>
      ) : (
        <span className="text-faint">{stats === undefined ? '–' : 'none yet'}</span>
      ),
  },
  {
    id: 'day',
    title: (
      <span className="flex justify-end gap-3">
        <span className="mr-auto">24 hours</span>
        <span className="w-9">Runs</span>
        <span className="w-27">Of these</span>
      </span>
    ),
    width: '260px',
    align: 'right',
    wideOnly: true,
    cell: day,
  },
  {
    id: 'typical',
    title: (
      <span title="Half of those that completed took less, to within a fifth or so. Of one that was retried it is the time since then.">
        Typical
      </span>
    ),
    width: '74px',
    align: 'right',
    wideOnly: true,
    cell: ({ stats }) =>
      stats?.p50 === undefined || stats.p50 === null ? NONE : <span className="tabular-nums">≈ {span(stats.p50)}</span>,
  },
  {
    id: 'actions',
    title: <span className="sr-only">Actions</span>,
    width: '28px',
    cell: (row) => <RowActions row={row} />,
  },
];
