/** An approval for whoever may not decide it: what the list knows of it. The whole has links that decide, and is not theirs. */
import { Link } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import type { ApprovalSummary } from '../../../../src/contract/approvals.ts';
import { Fact } from '../../components/facts.tsx';
import { Badge, Status } from '../../components/status.tsx';
import { Ago } from '../../components/time.tsx';
import { briefText } from './brief.ts';
import { Due } from './due.tsx';

interface ApprovalBriefProps {
  /** Undefined: it does not fit the filters. */
  readonly summary: ApprovalSummary | undefined;
  /** Why it is not theirs. */
  readonly why: string;
}

export function ApprovalBrief({ summary, why }: ApprovalBriefProps) {
  return (
    <article
      aria-label={summary?.title ?? 'An approval'}
      className="mx-auto flex max-w-3xl flex-col gap-5 px-4 pt-3 lg:px-6 lg:py-5"
    >
      {summary && <Known summary={summary} />}
      <p className="flex items-center gap-2 rounded-md bg-hover px-3 py-2 text-muted">
        <Lock size={14} className="shrink-0" /> {why}
      </p>
    </article>
  );
}

function Known({ summary }: { readonly summary: ApprovalSummary }) {
  const { title, brief, status, decision, workflowId, workflowName, executionId, path, assignees, due, createdAt } =
    summary;
  return (
    <>
      <header className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 break-words font-semibold text-lg">{title}</h2>
        <Status status={decision?.decision ?? status} className="mt-1" />
      </header>
      <p className="break-words">{briefText(brief)}</p>
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
          </Fact>
        )}
      </dl>
    </>
  );
}
