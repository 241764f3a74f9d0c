import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/approvals',
  validateSearch: textsOf('status', 'id', 'whose', 'assignee', 'workflow'),
  component: lazyRouteComponent(() => import('./approvals-page.tsx')),
});

export const approvalRoutes = [list] as const;
