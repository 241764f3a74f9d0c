import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { entering } from '../../api/entering.ts';
import { pagesOf, queryClient, queryOf } from '../../api/query.ts';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';
import { readFirst } from './first-reading.ts';
import { agentsRequest, CURRENCY, listRequest, viewOf } from './session-search.ts';

const filters = textsOf('view', 'status', 'agent', 'user', 'category', 'tag', 'from', 'to');

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sessions',
  validateSearch: filters,
  loaderDeps: ({ search }) => search,
  loader: ({ cause, deps }) =>
    entering(cause, () => [
      viewOf(deps) === 'agents'
        ? queryClient.prefetchQuery(queryOf('getAgentPerformance', agentsRequest(deps)))
        : queryClient.prefetchInfiniteQuery(pagesOf('listSessions', listRequest(deps))),
      queryClient.prefetchQuery(queryOf('getUsage', CURRENCY)),
    ]),
  component: lazyRouteComponent(() => import('./sessions-page.tsx')),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sessions/$id',
  validateSearch: textsOf('at', 'with'),
  loader: ({ cause, params }) => entering(cause, () => [readFirst(params.id)]),
  component: lazyRouteComponent(() => import('./session-page.tsx')),
});

export const sessionRoutes = [list, one] as const;
