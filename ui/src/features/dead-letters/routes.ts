import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dead-letters',
  validateSearch: textsOf('status', 'category', 'workflow', 'fingerprint', 'view'),
  component: lazyRouteComponent(() => import('./dead-letters-page.tsx')),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dead-letters/$id',
  component: lazyRouteComponent(() => import('./dead-letter-page.tsx')),
});

export const deadLetterRoutes = [list, one] as const;
