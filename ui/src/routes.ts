/** All pages. A new one is a folder of `features` with a `routes.ts`, a line here, and one in `app/nav.ts`. */
import { createRouter } from '@tanstack/react-router';
import { rootRoute } from './app/root.tsx';
import { approvalRoutes } from './features/approvals/routes.ts';
import { deadLetterRoutes } from './features/dead-letters/routes.ts';
import { executionRoutes } from './features/executions/routes.ts';
import { messageRoutes } from './features/messages/routes.ts';
import { moneyRoutes } from './features/money/routes.ts';
import { overviewRoutes } from './features/overview/routes.ts';
import { sessionRoutes } from './features/sessions/routes.ts';
import { settingsRoutes } from './features/settings/routes.ts';
import { templateRoutes } from './features/templates/routes.ts';
import { triggerRoutes } from './features/triggers/routes.ts';
import { workflowRoutes } from './features/workflows/routes.ts';

const routeTree = rootRoute.addChildren([
  ...overviewRoutes,
  ...workflowRoutes,
  ...executionRoutes,
  ...approvalRoutes,
  ...deadLetterRoutes,
  ...sessionRoutes,
  ...triggerRoutes,
  ...messageRoutes,
  ...moneyRoutes,
  ...templateRoutes,
  ...settingsRoutes,
]);

export const router = createRouter({ routeTree, defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
