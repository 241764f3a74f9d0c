import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/messages',
  /** `open` is the position of the message that is looked at; `schema` the type whose schema is, in this `version` or the newest. */
  validateSearch: textsOf('view', 'type', 'topic', 'key', 'from', 'to', 'open', 'schema', 'version'),
  component: lazyRouteComponent(() => import('./messages-page.tsx')),
});

export const messageRoutes = [list] as const;
