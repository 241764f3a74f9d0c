import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/templates',
  validateSearch: textsOf('name'),
  component: lazyRouteComponent(() => import('./templates-page.tsx')),
});

export const templateRoutes = [list] as const;
