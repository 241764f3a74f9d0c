/** Where the execution comes from, when it began, how long it took, what it cost. */
import { Link } from '@tanstack/react-router';
import { CornerLeftUp, Zap } from 'lucide-react';
import { hasEnded } from '../../../../../src/core/execution/status.ts';
import { Ago, Took } from '../../../components/time.tsx';
import { Cost } from './cost.tsx';
import { SessionsOfRun } from './session-links.tsx';
import { useRun } from './view.tsx';

export function Facts() {
  const { execution, moment } = useRun();
  const { status, triggerId, startedAt, createdAt, finishedAt, parentId } = execution;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-muted">
      <span className="inline-flex items-center gap-1">
        <Zap size={13} /> by {triggerId}
      </span>
      <span>
        {startedAt === null ? 'created ' : 'started '}
        <Ago at={startedAt ?? createdAt} />
      </span>
      {startedAt !== null && (
        <span>
          {hasEnded(status) ? 'took' : 'for'} <Took from={startedAt} to={finishedAt ?? moment ?? null} />
        </span>
      )}
      <Cost />
      <SessionsOfRun />
      {parentId !== null && (
        <Link
          to="/executions/$id"
          params={{ id: parentId }}
          className="inline-flex items-center gap-1 text-accent hover:underline"
        >
          <CornerLeftUp size={13} /> its parent
        </Link>
      )}
    </div>
  );
}
