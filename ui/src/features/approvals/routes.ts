import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { entering } from '../../api/entering.ts';
import { pagesOf, queryClient } from '../../api/query.ts';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';
import { meNow } from '../../components/person.ts';
import { listRequest } from './whose.ts';

const filters = textsOf('status', 'id', 'whose', 'assignee', 'workflow');

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/approvals',
  validateSearch: filters,
  // Which one is chosen changes nothing of the list.
  loaderDeps: ({ search: { id: _, ...search } }) => search,
  loader: ({ cause, deps }) =>
    entering(cause, () => [queryClient.prefetchInfiniteQuery(pagesOf('listApprovals', listRequest(deps, meNow())))]),
  component: lazyRouteComponent(() => import('./approvals-page.tsx')),
});

export const approvalRoutes = [list] as const;
