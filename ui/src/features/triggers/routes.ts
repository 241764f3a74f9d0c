import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers',
  validateSearch: textsOf('type', 'id'),
  component: lazyRouteComponent(() => import('./triggers-page.tsx')),
});

export const triggerRoutes = [list] as const;
