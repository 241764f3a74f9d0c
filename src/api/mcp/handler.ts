/** The library's side of /mcp, loaded by the first request: many installations have no client of the protocol. */
import { createMcpHandler, isJSONRPCResultResponse } from '@modelcontextprotocol/server';
import { MyelinError } from '../../core/errors.ts';
import { answerApproval } from './elicitation.ts';
import type { Deps } from './exchange.ts';
import { type Caller, mcpServer } from './server.ts';
import { SESSION_HEADER, sessionFor } from './session.ts';

export interface McpHandler {
  /** The answer to a question is a message that gets no answer itself: undefined. */
  answer(request: Request, caller: Caller, body: unknown): Promise<Response | undefined>;
  close(): Promise<void>;
}

export function mcpHandler(deps: Deps, closing: AbortSignal): McpHandler {
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
  return {
    answer: async (request, caller, body) => {
      if (await takeAnswer(deps, caller, body)) return undefined;
      const { projectId: clientId, keyHash: token } = caller;
      const parsed = body === undefined ? {} : { parsedBody: body };
      const response = await handler.fetch(request, { authInfo: { clientId, token, scopes: [] }, ...parsed });
      const session = sessionFor(body, deps.runtime.id());
      if (session !== undefined) response.headers.set(SESSION_HEADER, session);
      return response;
    },
    close: () => handler.close(),
  };
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
