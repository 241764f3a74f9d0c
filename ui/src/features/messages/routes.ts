import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/messages',
  /** `open` is what is looked at: the position of a message, or the id of an attempt to send a webhook. */
  validateSearch: textsOf('view', 'type', 'topic', 'key', 'from', 'to', 'failed', 'connection', 'execution', 'open'),
  component: lazyRouteComponent(() => import('./messages-page.tsx')),
});

export const messageRoutes = [list] as const;
