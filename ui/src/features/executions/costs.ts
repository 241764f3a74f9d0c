/** What executions cost that asked models, beside the list of them: it comes a moment later, and the list does not wait. */
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import type { UsageAnswer } from '../../../../src/contract/ledger.ts';
import { call, type Request } from '../../api/call.ts';
import { keyOf } from '../../api/query.ts';
import { money } from '../../components/money.ts';

/** Of the API: a page has at most two currencies for each of its executions. */
const MOST = 1_000;

/** In the order of the currencies, such as `$0.02 + €0.01`; '' without any. */
export const costWords = (rows: readonly Pick<UsageAnswer, 'cost' | 'currency'>[]): string =>
  rows.map(({ cost, currency }) => money(cost, currency)).join(' + ');

/** By execution; `pages` are their ids, a request for each page. */
export function useCosts(pages: readonly (readonly string[])[]): ReadonlyMap<string, readonly UsageAnswer[]> {
  return useQueries({
    queries: pages
      .filter((ids) => ids.length > 0)
      .map((ids) => {
        const request: Request<'getUsage'> = { query: { by: 'execution', execution: [...ids], limit: MOST } };
        return {
          queryKey: keyOf('getUsage', request),
          queryFn: ({ signal }: { readonly signal: AbortSignal }) => call('getUsage', { ...request, signal }),
          placeholderData: keepPreviousData<{ readonly items: readonly UsageAnswer[] }>,
        };
      }),
    combine: (answers) =>
      Map.groupBy(
        answers.flatMap(({ data }) => data?.items ?? []),
        ({ key }) => key,
      ),
  });
}
