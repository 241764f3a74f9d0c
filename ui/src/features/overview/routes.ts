import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { entering } from '../../api/entering.ts';
import { allOf, queryClient, queryOf } from '../../api/query.ts';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';
import { rangeOf } from './range.ts';
import { FAILURES, OPEN_APPROVALS, OPEN_LETTERS, statsRequest } from './requests.ts';

const filters = textsOf('range', 'workflow');

const overview = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: filters,
  loaderDeps: ({ search }) => search,
  loader: ({ cause, deps: { range, workflow } }) =>
    entering(cause, () => [
      queryClient.prefetchQuery(queryOf('getStats', statsRequest(rangeOf(range), Date.now(), workflow))),
      ...(workflow === undefined
        ? [
            queryClient.prefetchQuery(queryOf('listApprovals', OPEN_APPROVALS)),
            queryClient.prefetchQuery(queryOf('listDeadLetters', OPEN_LETTERS)),
            queryClient.prefetchQuery(queryOf('listExecutions', FAILURES)),
            queryClient.prefetchQuery(allOf('getWorkflowStats')),
          ]
        : []),
    ]),
  component: lazyRouteComponent(() => import('./overview-page.tsx')),
});

export const overviewRoutes = [overview] as const;
