import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { entering } from '../../api/entering.ts';
import { pagesOf, queryClient } from '../../api/query.ts';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';
import { FILTERS, listRequest } from './execution-search.ts';
import { readFirst } from './first-reading.ts';

const filters = textsOf(...FILTERS);

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/executions',
  validateSearch: filters,
  loaderDeps: ({ search }) => search,
  loader: ({ cause, deps }) =>
    entering(cause, () => [queryClient.prefetchInfiniteQuery(pagesOf('listExecutions', listRequest(deps)))]),
  component: lazyRouteComponent(() => import('./executions-page.tsx')),
});

interface OneSearch {
  readonly view?: string;
  readonly node?: string;
  /** Sequence number of the event that is looked back to. */
  readonly at?: number;
}

const isEvent = (value: unknown): boolean => /^[1-9]\d{0,8}$/.test(String(value));

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/executions/$id',
  validateSearch: (search: Readonly<Record<string, unknown>>): OneSearch => ({
    ...textsOf('view', 'node')(search),
    ...(isEvent(search.at) && { at: Number(search.at) }),
  }),
  loader: ({ params }) => {
    // Not waited for: the page says that it is loading.
    void readFirst(params.id);
  },
  // Once, and not with each change of the address.
  staleTime: Number.POSITIVE_INFINITY,
  component: lazyRouteComponent(() => import('./execution-page.tsx')),
});

export const executionRoutes = [list, one] as const;
