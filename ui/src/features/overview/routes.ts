import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const overview = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: textsOf('range', 'workflow'),
  component: lazyRouteComponent(() => import('./overview-page.tsx')),
});

export const overviewRoutes = [overview] as const;
