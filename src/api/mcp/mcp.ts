/**
 * /mcp: workflows as tools of the Model Context Protocol, by streamable HTTP without sessions. The library speaks the
 * protocol, 2026-07-28 and 2025-11-25; here its requests and answers go from Fastify to the web's and back.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ROUTES } from '../../contract/routes.ts';
import { MyelinError } from '../../core/errors.ts';
import { routeSchema } from '../route-schema.ts';
import type { Deps } from './exchange.ts';
import type { McpHandler } from './handler.ts';

/** The library looks at the headers alone; the address is any. */
const PLACE = 'http://myelin/mcp';

export async function mcp(scope: FastifyInstance, deps: Deps, closing: AbortSignal): Promise<void> {
  let handler: Promise<McpHandler> | undefined;
  const loaded = () => {
    handler ??= import('./handler.ts').then(({ mcpHandler }) => mcpHandler(deps, closing));
    return handler;
  };
  scope.addHook('onClose', async () => (await handler)?.close());
  scope.addHook('onRequest', async (request) => checkOrigin(request));
  const route = ROUTES.callMcp;
  scope.route({
    method: route.method,
    url: route.path,
    schema: routeSchema('callMcp', route),
    config: { permission: route.permission },
    handler: async (request, reply) => {
      const { body, caller } = request;
      const { answer } = await loaded();
      const given = await answer(toWeb(request, reply), caller, body);
      if (given === undefined) return reply.code(202).send();
      // Proxies that gather an answer would hold questions back.
      return reply.header('x-accel-buffering', 'no').send(given);
    },
  });
}

/** A page of another origin has no key, unless its maker has; and then it has no business here. */
function checkOrigin({ headers: { origin, host } }: FastifyRequest): void {
  if (origin === undefined) return;
  if (URL.parse(origin)?.host === host) return;
  throw new MyelinError('forbidden', `Pages of ${origin} may not call this server.`);
}

/** Headers of credentials stay here. */
function toWeb(request: FastifyRequest, reply: FastifyReply): Request {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort('gone'));
  const kept = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    (name.startsWith('mcp-') || name === 'accept' || name === 'content-type') && typeof value === 'string'
      ? [[name, value]]
      : [],
  );
  return new Request(PLACE, { method: request.method, headers: kept, signal: gone.signal });
}
