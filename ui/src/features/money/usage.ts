/** What is asked of the books, as the address says. */
import type { Request } from '../../api/call.ts';

export const GROUPS = ['workflow', 'model', 'day', 'session', 'user', 'execution', 'node', 'project'] as const;
export type Group = (typeof GROUPS)[number];

export interface MoneySearch {
  readonly by?: string;
  readonly from?: string;
  readonly to?: string;
}

export const groupOf = ({ by }: MoneySearch): Group => GROUPS.find((one) => one === by) ?? 'workflow';

/** Groups that are shown at first. */
export const FIRST = 100;
/** Groups that the API tells at most. */
export const MOST = 1_000;

/** One more than is shown says whether there are more. */
export const usageRequest = (search: MoneySearch, most = FIRST): Request<'getUsage'> => ({
  query: { by: groupOf(search), from: search.from, to: search.to, limit: Math.min(most + 1, MOST) },
});
