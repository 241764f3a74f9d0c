import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { entering } from '../../api/entering.ts';
import { queryClient, queryOf } from '../../api/query.ts';
import { rootRoute } from '../../app/root.tsx';
import { textsOf } from '../../app/search.ts';
import { templateRequest } from './template-request.ts';

const chosen = textsOf('name');

const list = createRoute({
  getParentRoute: () => rootRoute,
  path: '/templates',
  validateSearch: chosen,
  loaderDeps: ({ search }) => search,
  loader: ({ cause, deps: { name } }) =>
    entering(cause, () => [
      name === undefined
        ? queryClient.prefetchQuery(queryOf('listTemplates'))
        : queryClient.prefetchQuery(queryOf('getTemplate', templateRequest(name))),
    ]),
  component: lazyRouteComponent(() => import('./templates-page.tsx')),
});

export const templateRoutes = [list] as const;
