/** The order of the inbox: what must be decided soonest is on top; what has no due time comes after, newest first. */
import type { ApprovalSummary } from '../../../../src/contract/approvals.ts';

export function byUrgency(items: readonly ApprovalSummary[]): readonly ApprovalSummary[] {
  return items.toSorted((a, b) => {
    if (a.status !== b.status && (a.status === 'open' || b.status === 'open')) return a.status === 'open' ? -1 : 1;
    if (a.status !== 'open') return (b.closedAt ?? '').localeCompare(a.closedAt ?? '');
    if (a.due !== b.due) return (a.due ?? LAST).localeCompare(b.due ?? LAST);
    return b.createdAt.localeCompare(a.createdAt);
  });
}

const LAST = '~';

/** The one that is chosen when `id` is done: the next that is open, else the last before it. */
export function nextAfter(items: readonly ApprovalSummary[], id: string): string | undefined {
  const at = items.findIndex((one) => one.id === id);
  const isOpen = (one: ApprovalSummary) => one.status === 'open' && one.id !== id;
  return (items.slice(at + 1).find(isOpen) ?? items.slice(0, Math.max(0, at)).findLast(isOpen))?.id;
}
