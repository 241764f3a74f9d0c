/**
 * /mcp: workflows as tools of the Model Context Protocol, by streamable HTTP without sessions. The library speaks the
 * protocol, 2026-07-28 and 2025-11-25; here its requests and answers go from Fastify to the web's and back.
 */
import { createMcpHandler, isJSONRPCResultResponse } from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ROUTES } from '../../contract/routes.ts';
import { MyelinError } from '../../core/errors.ts';
import { routeSchema } from '../route-schema.ts';
import { answerApproval } from './elicitation.ts';
import type { Deps } from './exchange.ts';
import { type Caller, mcpServer } from './server.ts';
import { SESSION_HEADER, sessionFor } from './session.ts';

/** The library looks at the headers alone; the address is any. */
const PLACE = 'http://myelin/mcp';

export async function mcp(scope: FastifyInstance, deps: Deps, closing: AbortSignal): Promise<void> {
  const { log } = deps.runtime;
  const handler = createMcpHandler(
    ({ authInfo, era }) => {
      if (authInfo === undefined) throw new Error('a request without a caller');
      return mcpServer(deps, { projectId: authInfo.clientId, keyHash: authInfo.token }, era, closing);
    },
    {
      onerror: (error) => log.debug({ error: String(error) }, 'an MCP request was refused, or broke off'),
      // There is no news to listen to, and a stream that stays open would hold up the end of the process.
      maxSubscriptions: 0,
    },
  );
  scope.addHook('onClose', () => handler.close());
  scope.addHook('onRequest', async (request) => checkOrigin(request));
  const route = ROUTES.callMcp;
  scope.route({
    method: route.method,
    url: route.path,
    schema: routeSchema('callMcp', route),
    config: { permission: route.permission },
    handler: async (request, reply) => {
      const { body, caller } = request;
      if (await takeAnswer(deps, caller, body)) return reply.code(202).send();
      const { projectId: clientId, keyHash: token } = caller;
      const parsed = body === undefined ? {} : { parsedBody: body };
      const answer = await handler.fetch(toWeb(request, reply), {
        authInfo: { clientId, token, scopes: [] },
        ...parsed,
      });
      const session = sessionFor(body, deps.runtime.id());
      if (session !== undefined) reply.header(SESSION_HEADER, session);
      // Proxies that gather an answer would hold questions back.
      return reply.header('x-accel-buffering', 'no').send(answer);
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

const ANSWER = /^approval:([0-9a-f-]{36}):/;

/**
 * What a client of 2025-11-25 answers to a question comes as a message of its own, to any process: the id says what
 * was asked, and whoever holds the call sees in the store that it is decided. True where it was such an answer.
 */
async function takeAnswer(deps: Deps, { projectId, keyHash }: Caller, message: unknown): Promise<boolean> {
  if (!isJSONRPCResultResponse(message)) return false;
  const waitId = ANSWER.exec(String(message.id))?.[1];
  if (waitId === undefined) return false;
  const [row, by] = await Promise.all([deps.store.waits.get(projectId, waitId), deps.store.access.keyName(keyHash)]);
  if (row?.kind !== 'approval' || by === undefined) {
    throw new MyelinError('approval_not_found', `There is no approval ${waitId}.`);
  }
  const taken = await answerApproval(deps, row, message.result, by);
  if (typeof taken === 'object') throw new MyelinError('invalid_request', taken.fault);
  return true;
}
