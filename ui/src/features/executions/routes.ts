import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/executions',
  validateSearch: textsOf('status', 'workflow', 'from', 'to'),
  component: lazyRouteComponent(() => import('./executions-page.tsx')),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/executions/$id',
  validateSearch: textsOf('view', 'node', 'at'),
  component: lazyRouteComponent(() => import('./execution-page.tsx')),
});

export const executionRoutes = [list, one] as const;
