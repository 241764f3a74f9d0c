/** How an approval ended: who decided, when, by which way, with which words and values. */
import { CircleAlert } from 'lucide-react';
import type { Approval, Decision } from '../../../../src/contract/approvals.ts';
import { ShownData } from '../../components/approval/shown-data.tsx';
import type { Late } from '../../components/approval/use-decision.ts';
import { Status } from '../../components/status.tsx';
import { Ago, exact } from '../../components/time.tsx';

const WAYS = { link: 'by a link', mcp: 'from an MCP client' } as const;

export function Decided({ approval, late }: { readonly approval: Approval; readonly late: Late | undefined }) {
  const { decision, status, closedAt } = approval;
  return (
    <div className="flex flex-col gap-3">
      {late && <TooLate late={late} decision={decision} />}
      <section className="flex flex-col gap-3 rounded-lg border border-line bg-panel p-4">
        <h3 className="font-medium">
          {decision === null ? 'Nobody decided' : decision.decision === 'expired' ? 'It expired' : 'The decision'}
        </h3>
        <p className="flex flex-wrap items-baseline gap-x-2">
          <Status status={decision?.decision ?? status} />
          {decision === null ? (
            <span>because the execution does not wait for it any more</span>
          ) : (
            <>
              <span>{byWhom(decision)}</span>
              {decision.via && <span className="text-muted">{WAYS[decision.via]}</span>}
            </>
          )}
          {closedAt && (
            <span className="text-muted">
              <Ago at={closedAt} /> · {exact(closedAt)}
            </span>
          )}
        </p>
        {decision?.comment && (
          <blockquote className="whitespace-pre-wrap break-words border-line border-l-2 pl-3">
            {decision.comment}
          </blockquote>
        )}
        {decision?.data !== undefined && decision.data !== null && (
          <div className="flex flex-col gap-1.5">
            <h4 className="text-muted text-xs">What was filled in</h4>
            <ShownData data={decision.data} />
          </div>
        )}
      </section>
    </div>
  );
}

function byWhom({ by, as }: Decision): string {
  if (by === 'timeout') return 'because nobody decided in time';
  return as === undefined || as === by ? `by ${by}` : `by ${by}, in the name of ${as}`;
}

/** What was typed is not lost: it can be read, and copied, where it was typed. */
function TooLate({ late, decision }: { readonly late: Late; readonly decision: Decision | null }) {
  const by = decision === null || decision.by === 'timeout' ? undefined : decision.by;
  return (
    <div role="alert" className="flex items-start gap-3 rounded-lg border border-line bg-warn-soft px-4 py-3">
      <CircleAlert size={16} className="mt-0.5 shrink-0 text-warn" />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <p>
          {by === undefined ? 'It was closed before you decided.' : `${by} was first.`} Yours ({late.choice}) does not
          count.
        </p>
        {late.comment !== '' && <p className="whitespace-pre-wrap break-words">Your comment: {late.comment}</p>}
        {late.data !== undefined && <ShownData data={late.data} />}
      </div>
    </div>
  );
}
