import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/messages',
  /**
   * `open` is what is looked at: the position of a message, or the id of an attempt to send a webhook; `schema` the type
   * whose schema is, in this `version` or the newest.
   */
  validateSearch: textsOf(
    ...(['view', 'type', 'topic', 'key', 'from', 'to', 'open'] as const),
    ...(['failed', 'connection', 'execution', 'schema', 'version'] as const),
  ),
  component: lazyRouteComponent(() => import('./messages-page.tsx')),
});

export const messageRoutes = [list] as const;
