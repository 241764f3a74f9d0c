/** The filters of the list in its address, and what they ask of the API. */
import { STATUSES, type Status } from '../../../../src/core/execution/status.ts';
import type { Request } from '../../api/call.ts';

export const FILTERS = ['status', 'workflow', 'trigger', 'code', 'from', 'to', 'endedFrom', 'endedTo'] as const;
export type ExecutionSearch = { readonly [F in (typeof FILTERS)[number]]?: string };

/** A word that is none is left to the API, which says so. */
export const statusesOf = (text = ''): string[] => text.split(',').filter((one) => one !== '');

const isStatus = (text: string): text is Status => STATUSES.some((one) => one === text);

export function queryOf({ status, ...others }: ExecutionSearch) {
  const statuses = statusesOf(status);
  return {
    ...others,
    ...(statuses.length > 0 && { status: statuses.every(isStatus) ? statuses : (status as string) }),
  };
}

/** Executions read at once. */
export const PAGE = 50;

export const listRequest = (search: ExecutionSearch): Request<'listExecutions'> => ({
  query: { ...queryOf(search), limit: PAGE },
});
