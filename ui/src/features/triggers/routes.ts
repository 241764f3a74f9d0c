import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { entering } from '../../api/entering.ts';
import { allOf, queryClient } from '../../api/query.ts';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers',
  validateSearch: textsOf('type', 'id'),
  loader: ({ cause }) => entering(cause, () => [queryClient.prefetchQuery(allOf('listProjectTriggers'))]),
  component: lazyRouteComponent(() => import('./triggers-page.tsx')),
});

export const triggerRoutes = [list] as const;
