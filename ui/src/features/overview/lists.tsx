/** What asks for somebody: approvals and dead letters that are open, what failed last, and which workflows fail. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useApi, useApiAll } from '../../api/query.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/page.tsx';
import { Badge, Status } from '../../components/status.tsx';
import { Ago, useNow } from '../../components/time.tsx';
import { beginOf, HOUR_MS } from './range.ts';
import { FAILED, FAILURES, OPEN_APPROVALS, OPEN_LETTERS, SHOWN } from './requests.ts';

const MORE = 'text-muted text-xs hover:underline';
const QUIET = (words: string) => <p className="py-2 text-faint">{words}</p>;

interface LineProps {
  readonly mark?: ReactNode;
  readonly title: string;
  readonly of: string | null;
  readonly at?: string;
}

const Line = ({ mark, title, of, at }: LineProps) => (
  <span className="flex h-9 items-center gap-2.5">
    {mark}
    <span className="min-w-0 flex-1 truncate" title={title}>
      {title}
    </span>
    <span className="max-w-32 shrink-0 truncate text-faint text-xs">{of}</span>
    {at && (
      <span className="w-20 shrink-0 text-right text-faint text-xs">
        <Ago at={at} />
      </span>
    )}
  </span>
);

const ROW = '-mx-2 block rounded-md px-2 hover:bg-hover';

export function Waits() {
  const approvals = useApi('listApprovals', OPEN_APPROVALS);
  const letters = useApi('listDeadLetters', OPEN_LETTERS);
  const nothing = approvals.data?.items.length === 0 && letters.data?.items.length === 0;
  return (
    <Panel
      title="Waits for people"
      actions={
        <span className="flex gap-3">
          <Link to="/approvals" className={MORE}>
            Approvals
          </Link>
          <Link to="/dead-letters" className={MORE}>
            Dead letters
          </Link>
        </span>
      }
    >
      {nothing && QUIET('Nobody is asked anything, and nothing that failed is left open.')}
      <Loaded query={approvals} isEmpty={({ items }) => items.length === 0} empty={null}>
        {({ items }) =>
          items.map(({ id, title, workflowName, createdAt }) => (
            <Link key={id} to="/approvals" search={{ id }} className={ROW}>
              <Line mark={<Badge tone="warn">approval</Badge>} title={title} of={workflowName} at={createdAt} />
            </Link>
          ))
        }
      </Loaded>
      <Loaded query={letters} isEmpty={({ items }) => items.length === 0} empty={null}>
        {({ items }) =>
          items.map(({ id, error, workflowName, failedAt }) => (
            <Link key={id} to="/dead-letters/$id" params={{ id }} className={ROW}>
              <Line
                mark={<Badge tone="bad">dead letter</Badge>}
                title={error.message}
                of={workflowName}
                at={failedAt}
              />
            </Link>
          ))
        }
      </Loaded>
    </Panel>
  );
}

export function LatestFailures() {
  const failures = useApi('listExecutions', FAILURES);
  return (
    <Panel
      title="Latest failures"
      actions={
        <Link to="/executions" search={{ status: FAILED.join(',') }} className={MORE}>
          All
        </Link>
      }
    >
      <Loaded query={failures} isEmpty={({ items }) => items.length === 0} empty={QUIET('Nothing has failed.')}>
        {({ items }) =>
          items.map(({ id, status, error, workflowName, createdAt }) => (
            <Link key={id} to="/executions/$id" params={{ id }} className={ROW}>
              <Line
                mark={<Status status={status} className="shrink-0 text-xs" />}
                title={error?.message ?? 'It failed'}
                of={workflowName}
                at={createdAt}
              />
            </Link>
          ))
        }
      </Loaded>
    </Panel>
  );
}

export function FailingWorkflows() {
  const stats = useApiAll('getWorkflowStats');
  // The hours that these figures are of.
  const endedFrom = beginOf('24h', useNow(HOUR_MS));
  return (
    <Panel title="Workflows that fail, last 24 hours">
      <Loaded
        query={stats}
        isEmpty={({ items }) => items.every(({ failed }) => failed === 0)}
        empty={QUIET('No workflow has failed in the last 24 hours.')}
      >
        {({ items }) =>
          [...items]
            .filter(({ failed }) => failed > 0)
            .sort((a, b) => b.failed - a.failed)
            .slice(0, SHOWN)
            .map(({ workflowId, workflowName, failed, started }) => (
              <Link
                key={workflowId}
                to="/executions"
                search={{ workflow: workflowName, status: 'failed,compensation_failed', endedFrom }}
                className={ROW}
              >
                <Line
                  mark={<span className="w-8 text-right font-medium text-bad tabular-nums">{failed}</span>}
                  title={workflowName}
                  of={`of ${started} started`}
                />
              </Link>
            ))
        }
      </Loaded>
    </Panel>
  );
}
