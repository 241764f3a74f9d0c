import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { entering } from '../../api/entering.ts';
import { allOf, pagesOf, queryClient } from '../../api/query.ts';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';
import { readTypes, readWorkflow } from './first-reading.ts';
import { listRequest } from './list/rows.ts';

const filters = textsOf('status', 'name');

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/workflows',
  validateSearch: filters,
  loaderDeps: ({ search }) => search,
  loader: ({ cause, deps: { status } }) =>
    entering(cause, () => [
      queryClient.prefetchInfiniteQuery(pagesOf('listWorkflows', listRequest(status))),
      queryClient.prefetchQuery(allOf('getWorkflowStats')),
    ]),
  component: lazyRouteComponent(() => import('./workflows-page.tsx')),
});

const fresh = createRoute({
  getParentRoute: () => rootRoute,
  path: '/workflows/new',
  validateSearch: textsOf('template'),
  loader: ({ cause }) => entering(cause, readTypes),
  component: lazyRouteComponent(() => import('./new-workflow-page.tsx')),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/workflows/$id',
  validateSearch: textsOf('view', 'node'),
  loader: ({ cause, params }) => entering(cause, () => [readWorkflow(params.id), ...readTypes()]),
  component: lazyRouteComponent(() => import('./workflow-page.tsx')),
});

const versions = createRoute({
  getParentRoute: () => rootRoute,
  path: '/workflows/$id/versions',
  validateSearch: textsOf('from', 'to', 'view'),
  component: lazyRouteComponent(() => import('./versions-page.tsx')),
});

export const workflowRoutes = [list, fresh, one, versions] as const;
