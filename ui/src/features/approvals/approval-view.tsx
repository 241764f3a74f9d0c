/** The approval that is chosen: what is asked, where it comes from, and the decision. */
import { type Ref, useEffect, useState } from 'react';
import type { Approval, ApprovalSummary } from '../../../../src/contract/approvals.ts';
import { useApi } from '../../api/query.ts';
import { useRefusal } from '../../api/role.ts';
import { type Decider, DecisionForm } from '../../components/approval/decision-form.tsx';
import { besideForm, formOf } from '../../components/approval/form-data.ts';
import { ShownData } from '../../components/approval/shown-data.tsx';
import type { Late } from '../../components/approval/use-decision.ts';
import { forgetDraft } from '../../components/draft.ts';
import { Loading } from '../../components/loading.tsx';
import { ProblemNote } from '../../components/problem.tsx';
import { Status } from '../../components/status.tsx';
import { ApprovalBrief } from './approval-brief.tsx';
import { WholeFacts } from './approval-facts.tsx';
import { useBeyond } from './asked-by.ts';
import { Decided } from './decided.tsx';
import { DecisionLinks } from './decision-links.tsx';

interface ApprovalViewProps {
  readonly id: string;
  /** Of the list, if it is in there. */
  readonly summary: ApprovalSummary | undefined;
  readonly decider: Ref<Decider>;
  readonly onDecided: (approval: Approval) => void;
}

export function ApprovalView({ id, summary, decider, onDecided }: ApprovalViewProps) {
  const why = useRefusal()('getApproval');
  const approval = useApi('getApproval', { params: { id } });
  if (why !== undefined) return <ApprovalBrief summary={summary} why={why} />;
  if (approval.data !== undefined) {
    return <Whole approval={approval.data} decider={decider} onDecided={onDecided} />;
  }
  if (!approval.error) return <Loading />;
  return (
    <div className="flex flex-col gap-3 p-4 md:p-6">
      <ProblemNote error={approval.error} retry={() => void approval.refetch()} />
    </div>
  );
}

interface WholeProps extends Omit<ApprovalViewProps, 'id' | 'summary'> {
  readonly approval: Approval;
}

function Whole({ approval, decider, onDecided }: WholeProps) {
  const { id, title, description, status, links, decision } = approval;
  const [late, setLate] = useState<Late>();
  const beyond = useBeyond(approval);
  const isOpen = status === 'open';
  const beside = isOpen ? besideForm(approval) : approval.data;
  useEffect(() => {
    if (!isOpen) forgetDraft(`approval.${id}`);
  }, [isOpen, id]);
  return (
    <article
      aria-label={title}
      data-approval-view={id}
      className="mx-auto flex max-w-3xl flex-col gap-5 px-4 pt-3 lg:px-6 lg:py-5"
    >
      <header className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 break-words font-semibold text-lg">{title}</h2>
        <Status status={decision?.decision ?? status} className="mt-1" />
      </header>
      {description && <p className="whitespace-pre-wrap break-words">{description}</p>}
      {beside !== undefined && beside !== null && (
        <section className="rounded-lg border border-line bg-panel p-4">
          <h3 className="sr-only">What it is about</h3>
          <ShownData data={beside} />
        </section>
      )}
      <WholeFacts approval={approval} beyond={beyond} />
      {isOpen ? (
        <>
          {links && <DecisionLinks links={links} />}
          <DecisionForm
            ref={decider}
            approval={approval}
            heading={headingOf(approval, beyond.agent)}
            onDecided={onDecided}
            onLate={setLate}
          />
        </>
      ) : (
        <div className="pb-6">
          <Decided approval={approval} late={late} />
        </div>
      )}
    </article>
  );
}

function headingOf(approval: Approval, agent: string | undefined): string {
  if (agent !== undefined) return `What ${agent} asks for; edit it before you approve`;
  return formOf(approval)?.title ?? 'To fill in';
}
