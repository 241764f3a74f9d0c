/** The order of the inbox: what must be decided soonest is on top; what has no due time comes after, newest first. */
import type { ApprovalSummary } from '../../../../src/contract/approvals.ts';

export function byUrgency(items: readonly ApprovalSummary[]): readonly ApprovalSummary[] {
  return items.toSorted((a, b) => {
    if (a.status !== b.status && (a.status === 'open' || b.status === 'open')) return a.status === 'open' ? -1 : 1;
    if (a.status !== 'open') return timeOf(b.closedAt, 0) - timeOf(a.closedAt, 0);
    if (a.due !== b.due) return timeOf(a.due, NEVER) - timeOf(b.due, NEVER);
    return timeOf(b.createdAt, 0) - timeOf(a.createdAt, 0);
  });
}

/** Later than any due time. */
const NEVER = Number.MAX_SAFE_INTEGER;
const timeOf = (at: string | null, otherwise: number): number => (at === null ? otherwise : Date.parse(at));

/** The one that is chosen when `id` is done: the next that is open, else the last before it. */
export function nextAfter(items: readonly ApprovalSummary[], id: string): string | undefined {
  const at = items.findIndex((one) => one.id === id);
  const isOpen = (one: ApprovalSummary) => one.status === 'open' && one.id !== id;
  return (items.slice(at + 1).find(isOpen) ?? items.slice(0, Math.max(0, at)).findLast(isOpen))?.id;
}
