import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { entering } from '../../api/entering.ts';
import { pagesOf, queryClient, queryOf } from '../../api/query.ts';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';
import { groupsRequest, type LetterSearch, letterRequest, listRequest, viewOf } from './letter-search.ts';

const filters = textsOf('status', 'category', 'workflow', 'fingerprint', 'view');

function readFirst(search: LetterSearch): readonly Promise<unknown>[] {
  const view = viewOf(search);
  if (view === 'rules') return [queryClient.prefetchQuery(queryOf('getDeadLetterRules'))];
  return view === 'list'
    ? [queryClient.prefetchInfiniteQuery(pagesOf('listDeadLetters', listRequest(search)))]
    : [queryClient.prefetchQuery(queryOf('listDeadLetterGroups', groupsRequest(search)))];
}

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dead-letters',
  validateSearch: filters,
  loaderDeps: ({ search }) => search,
  loader: ({ cause, deps }) => entering(cause, () => readFirst(deps)),
  component: lazyRouteComponent(() => import('./dead-letters-page.tsx')),
});

const one = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dead-letters/$id',
  loader: ({ cause, params }) =>
    entering(cause, () => [queryClient.prefetchQuery(queryOf('getDeadLetter', letterRequest(params.id)))]),
  component: lazyRouteComponent(() => import('./dead-letter-page.tsx')),
});

export const deadLetterRoutes = [list, one] as const;
