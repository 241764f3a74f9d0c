/** The door: each route has a permission, and who calls is settled before a byte of the body is read (R11, R13). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MyelinError } from '../core/errors.ts';
import { may, type Permission, rolesWith } from '../core/keys/roles.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { Access, type Caller, NOBODY } from './access.ts';
import type { ApiDeps } from './deps.ts';
import { refuseForeign } from './sign-in/origin.ts';

const DOCS = '/docs';

/** Answers carry data, never a page; the docs have a policy of their own. */
const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

type Deps = Pick<ApiDeps, 'store' | 'runtime' | 'loopback' | 'publicUrl'>;

/** Before any route. An address that does not exist asks for a key as well, so that nobody learns which do. */
export function guard(app: FastifyInstance, deps: Deps): Access {
  const access = new Access(deps.store, deps.runtime.now);
  app.decorateRequest('caller');
  app.addHook('onRoute', (route) => {
    if (route.config?.permission !== undefined) return;
    if (route.url !== DOCS && !route.url.startsWith(`${DOCS}/`)) throw new Error(`${route.url} has no permission`);
    route.config = { ...route.config, permission: 'public' };
  });
  app.addHook('onRequest', (request, reply, done) => {
    const { url, config } = request.routeOptions;
    if (!url?.startsWith(DOCS)) reply.headers(HEADERS);
    const permission = config.permission ?? (request.url.startsWith('/api/') ? 'unknown' : 'public');
    request.caller = NOBODY;
    if (isOpen(permission, deps.loopback)) return done();
    access
      .callerOf(request.headers)
      .then((caller) => {
        if (permission !== 'unknown') checkRole(caller, permission);
        if (permission === 'server:write') checkOperator(caller);
        if (caller.via === 'browser') checkBrowser(request, permission, deps.publicUrl());
        request.caller = caller;
      })
      .then(() => done(), done);
  });
  return access;
}

/** Who is signed in may what its key may. */
function checkRole({ role, keyName }: Caller, permission: Permission): void {
  if (may(role, permission)) return;
  const roles = rolesWith(permission).join(', ');
  throw new MyelinError(
    'forbidden',
    `The key ${keyName} has the role ${role}; this takes ${permission}, which keys of these roles have: ${roles}.`,
  );
}

function checkOperator({ projectId }: Caller): void {
  if (projectId === DEFAULT_PROJECT) return;
  throw new MyelinError('forbidden', 'It acts on all projects of the server: ask with a key of the first one.');
}

/** A cookie comes along with whatever a page makes the browser ask, and lets nobody else in. */
function checkBrowser(request: FastifyRequest, permission: Permission | 'unknown', publicUrl: string): void {
  refuseForeign(request, publicUrl);
  if (permission === 'sign-in:grant') throw new MyelinError('forbidden', 'Only the holder of a key lets others in.');
}

function isOpen(permission: Permission | 'unknown', loopback: boolean): boolean {
  return permission === 'public' || (permission === 'metrics:read' && loopback);
}
