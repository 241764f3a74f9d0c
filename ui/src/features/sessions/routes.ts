import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sessions',
  validateSearch: textsOf('view', 'status', 'agent', 'user', 'category', 'tag', 'from', 'to'),
  component: lazyRouteComponent(() => import('./sessions-page.tsx')),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sessions/$id',
  validateSearch: textsOf('at', 'with'),
  component: lazyRouteComponent(() => import('./session-page.tsx')),
});

export const sessionRoutes = [list, one] as const;
