import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { entering } from '../../api/entering.ts';
import { allOf, queryClient, queryOf } from '../../api/query.ts';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';
import { usageRequest } from './usage.ts';

const filters = textsOf('from', 'to', 'by');

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/money',
  validateSearch: filters,
  loaderDeps: ({ search }) => search,
  loader: ({ cause, deps }) =>
    entering(cause, () => [
      queryClient.prefetchQuery(queryOf('getUsage', usageRequest(deps))),
      queryClient.prefetchQuery(queryOf('listBudgets')),
      queryClient.prefetchQuery(allOf('listWorkflows')),
    ]),
  component: lazyRouteComponent(() => import('./money-page.tsx')),
});

export const moneyRoutes = [list] as const;
