/** Where an approval comes from, whom it asks, and until when. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Approval, ApprovalSummary } from '../../../../src/contract/approvals.ts';
import { Fact } from '../../components/facts.tsx';
import { Badge } from '../../components/status.tsx';
import { Ago, exact } from '../../components/time.tsx';
import type { Beyond } from './asked-by.ts';
import { Due } from './due.tsx';

interface ApprovalFactsProps {
  readonly approval: ApprovalSummary;
  /** More of the time until which it waits. */
  readonly due?: ReactNode;
  /** Facts that only the whole has. */
  readonly children?: ReactNode;
}

/** What the list knows too. */
export function ApprovalFacts({ approval, due: more, children }: ApprovalFactsProps) {
  const { workflowId, workflowName, executionId, path, assignees, status, due, createdAt } = approval;
  return (
    <dl className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      <Fact name="From">
        <Link to="/workflows/$id" params={{ id: workflowId }} className="text-accent hover:underline">
          {workflowName}
        </Link>
        <span className="text-faint"> · </span>
        <Link
          to="/executions/$id"
          params={{ id: executionId }}
          search={{ node: path }}
          className="text-accent [overflow-wrap:anywhere] hover:underline"
        >
          node {path} of its execution
        </Link>
      </Fact>
      <Fact name="Asks">
        <span className="flex flex-wrap gap-1">
          {assignees === null ? 'anybody' : assignees.map((name) => <Badge key={name}>{name}</Badge>)}
        </span>
      </Fact>
      <Fact name="Since">
        <Ago at={createdAt} />
      </Fact>
      {status === 'open' && (
        <Fact name="Due">
          <Due due={due} />
          {more}
        </Fact>
      )}
      {children}
    </dl>
  );
}

export function WholeFacts({ approval, beyond }: { readonly approval: Approval; readonly beyond: Beyond }) {
  const { due, reminders, delegations } = approval;
  return (
    <ApprovalFacts
      approval={approval}
      due={
        <>
          {due !== null && <span className="text-faint"> · {exact(due)}</span>}
          {beyond.afterwards && <span className="block text-muted">If nobody decides, {beyond.afterwards}.</span>}
        </>
      }
    >
      {(reminders > 0 || beyond.reminder !== undefined) && (
        <Fact name="Reminders">
          {reminders === 0 ? 'none yet' : `${reminders} so far`}
          {beyond.reminder && `, ${beyond.reminder}`}
        </Fact>
      )}
      {delegations.length > 0 && (
        <Fact name="Passed on">
          <ul>
            {delegations.map(({ by, to, at }) => (
              <li key={at}>
                by {by} to {to.join(', ')}, <Ago at={at} />
              </li>
            ))}
          </ul>
        </Fact>
      )}
    </ApprovalFacts>
  );
}
