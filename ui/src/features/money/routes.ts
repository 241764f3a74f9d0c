import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/money',
  validateSearch: textsOf('from', 'to', 'by'),
  component: lazyRouteComponent(() => import('./money-page.tsx')),
});

export const moneyRoutes = [list] as const;
