/** An approval as callers see it. */
import type { Approval, ApprovalSummary, Decision } from '../../contract/approvals.ts';
import { plainText } from '../../core/session/plain-text.ts';
import type { ApprovalAnswer, ApprovalDetails } from '../../nodes/approval.ts';
import type { WaitRow } from '../../ports/waits.ts';

/** Characters of the data in a list. */
const SHOWN = 200;

/** What the node type recorded when it asked. */
export const detailsOf = ({ details }: WaitRow): ApprovalDetails => details as ApprovalDetails;

export function approvalSummary(row: WaitRow): ApprovalSummary {
  const { id, workflowId, workflowName, executionId, path } = row;
  const { title, data, assignees, due } = detailsOf(row);
  return {
    id,
    status: statusOf(row),
    title,
    brief: data === null || data === undefined ? null : plainText(JSON.stringify(data), SHOWN),
    assignees: assignees === null ? null : [...assignees],
    due: isoOr(due),
    ...{ workflowId, workflowName, executionId, path },
    createdAt: iso(row.createdAt),
    closedAt: isoOr(row.closedAt),
    decision: decisionOf(row),
  };
}

export function approvalView(row: WaitRow, links: Approval['links']): Approval {
  const { description, data, form, reminders, delegations } = detailsOf(row);
  return {
    ...approvalSummary(row),
    description,
    data: data ?? null,
    form: form ?? null,
    reminders,
    delegations: delegations.map(({ by, to, at }) => ({ by, to: [...to], at: iso(at) })),
    links,
  };
}

function statusOf({ closedBy, ...row }: WaitRow): ApprovalSummary['status'] {
  if (closedBy === null) return 'open';
  if (closedBy === 'execution') return 'canceled';
  return closedBy === 'time' && automatic(detailsOf({ closedBy, ...row })) === undefined ? 'expired' : 'decided';
}

/** The first that was made; null while there is none, and where the execution waits no more. */
export function decisionOf(row: WaitRow): Decision | null {
  const { closedBy, closedAt, answer } = row;
  if (closedAt === null || closedBy === 'execution') return null;
  const at = iso(closedAt);
  if (closedBy === 'time') return { decision: automatic(detailsOf(row)) ?? 'expired', by: 'timeout', at };
  // Only decisions close an approval.
  return { ...(answer as Extract<ApprovalAnswer, { decision: string }>), at };
}

/** What counts as decided when time is over. */
function automatic({ escalate }: ApprovalDetails): 'approved' | 'rejected' | undefined {
  return escalate !== null && escalate !== undefined && 'decide' in escalate ? escalate.decide : undefined;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOr = (ms: number | null): string | null => (ms === null ? null : iso(ms));
