import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  validateSearch: textsOf('view'),
  component: lazyRouteComponent(() => import('./settings-page.tsx')),
});

export const settingsRoutes = [list] as const;
