import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { entering } from '../../api/entering.ts';
import { allOf, pagesOf, queryClient } from '../../api/query.ts';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';
import { logRequest } from './filter.ts';
import { sentRequest } from './sent.ts';
import { REPLAYS, viewOf } from './views.ts';

/**
 * `open` is what is looked at: the position of a message, or the id of an attempt to send a webhook; `schema` the type
 * whose schema is, in this `version` or the newest.
 */
const filters = textsOf(
  ...(['view', 'type', 'topic', 'key', 'from', 'to', 'open'] as const),
  ...(['failed', 'connection', 'execution', 'schema', 'version'] as const),
);

function readFirst(search: ReturnType<typeof filters>): readonly Promise<unknown>[] {
  switch (viewOf(search)) {
    case 'log':
      return [queryClient.prefetchInfiniteQuery(pagesOf('listEvents', logRequest(search)))];
    case 'listeners':
      return [
        queryClient.prefetchQuery(allOf('listProjectTriggers')),
        queryClient.prefetchQuery(allOf('listEventGroups')),
      ];
    case 'replays':
      return [queryClient.prefetchInfiniteQuery(pagesOf('listReplays', REPLAYS))];
    case 'sent':
      return [queryClient.prefetchInfiniteQuery(pagesOf('listDeliveries', sentRequest(search)))];
    case 'schemas':
      return [queryClient.prefetchQuery(allOf('listEventSchemas'))];
  }
}

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/messages',
  validateSearch: filters,
  // What is open changes nothing of the list.
  loaderDeps: ({ search: { open: _, schema: __, version: ___, ...search } }) => search,
  loader: ({ cause, deps }) => entering(cause, () => readFirst(deps)),
  component: lazyRouteComponent(() => import('./messages-page.tsx')),
});

export const messageRoutes = [list] as const;
