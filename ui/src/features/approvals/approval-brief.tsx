/** An approval for whoever may not decide it: what the list knows of it. The whole has links that decide, and is not theirs. */
import { Lock } from 'lucide-react';
import type { ApprovalSummary } from '../../../../src/contract/approvals.ts';
import { Status } from '../../components/status.tsx';
import { ApprovalFacts } from './approval-facts.tsx';
import { briefText } from './brief.ts';

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
  const { title, brief, status, decision } = summary;
  return (
    <>
      <header className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 break-words font-semibold text-lg">{title}</h2>
        <Status status={decision?.decision ?? status} className="mt-1" />
      </header>
      <p className="break-words">{briefText(brief)}</p>
      <ApprovalFacts approval={summary} />
    </>
  );
}
