/** The door: each route has a permission, and who calls is settled before a byte of the body is read (R11, R13). */
import type { FastifyInstance } from 'fastify';
import type { Permission } from '../contract/route.ts';
import { Access } from './access.ts';
import type { ApiDeps } from './deps.ts';

const DOCS = '/docs';

/** Answers carry data, never a page; the docs have a policy of their own. */
const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Before any route. An address that does not exist asks for a key as well, so that nobody learns which do. */
export function guard(app: FastifyInstance, deps: Pick<ApiDeps, 'store' | 'runtime' | 'loopback'>): void {
  const access = new Access(deps.store.access, deps.runtime.now);
  app.decorateRequest('projectId', '');
  app.addHook('onRoute', (route) => {
    if (route.config?.permission !== undefined) return;
    if (route.url !== DOCS && !route.url.startsWith(`${DOCS}/`)) throw new Error(`${route.url} has no permission`);
    route.config = { ...route.config, permission: 'public' };
  });
  app.addHook('onRequest', (request, reply, done) => {
    const { url, config } = request.routeOptions;
    if (!url?.startsWith(DOCS)) reply.headers(HEADERS);
    const permission = config.permission ?? (request.url.startsWith('/api/') ? 'unknown' : 'public');
    if (isOpen(permission, deps.loopback)) return done();
    access.projectOf(request.headers).then((projectId) => {
      request.projectId = projectId;
      done();
    }, done);
  });
}

function isOpen(permission: Permission | 'unknown', loopback: boolean): boolean {
  return permission === 'public' || (permission === 'metrics:read' && loopback);
}
