/** The protocol's side of one request: a server that lives for it alone, so that any process can answer any request. */
import { type McpRequestContext, Server, type ServerContext, type Tool } from '@modelcontextprotocol/server';
import { callTool } from './call.ts';
import { abilitiesOf, type Deps, type Exchange, protocolError, TASKS } from './exchange.ts';
import { serveTasks } from './tasks.ts';
import { listTools } from './tools.ts';

const VERSION = '0.1.0';

const CAPABILITIES = {
  modern: { tools: {}, extensions: { [TASKS]: {} } },
  legacy: { tools: {}, tasks: { cancel: {}, requests: { tools: { call: {} } } } },
};

/** Who calls, as `AuthInfo` of the library. */
export interface Caller {
  readonly projectId: string;
  /** SHA-256 of the key; the key itself goes no further than the door. */
  readonly keyHash: string;
}

/** `closing` fires when the process is about to end. */
export function mcpServer(deps: Deps, caller: Caller, era: McpRequestContext['era'], closing: AbortSignal): Server {
  const { projectId, keyHash } = caller;
  const isModern = era === 'modern';
  const server = new Server({ name: 'myelin', version: VERSION }, { capabilities: CAPABILITIES[era] });
  const open = async (context: ServerContext): Promise<Exchange> => {
    const { elicits, takesTasks } = abilitiesOf(isModern, context);
    const { id, signal } = context.mcpReq;
    return {
      ...{ deps, projectId, isModern, takesTasks },
      by: elicits ? await deps.store.access.keyName(keyHash) : undefined,
      over: AbortSignal.any([signal, closing]),
      send: async (requestId, method, params) => {
        const message = { jsonrpc: '2.0', id: requestId, method, params: { ...params } } as const;
        await server.transport?.send(message, { relatedRequestId: id });
      },
    };
  };
  const refuse = (error: unknown): never => {
    throw protocolError(error, deps.runtime.log);
  };
  server.setRequestHandler('tools/list', async () => {
    const tools = await listTools(deps.store.workflows, projectId).catch(refuse);
    return { tools: isModern ? tools : tools.map(asTask) };
  });
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const round = { state: context.mcpReq.requestState<string>(), answers: context.mcpReq.inputResponses };
    return await open(context)
      .then((exchange) => callTool(exchange, params, round))
      .catch(refuse);
  });
  serveTasks(server, isModern, open, deps.runtime.log);
  return server;
}

const asTask = (tool: Tool): Tool => ({ ...tool, execution: { taskSupport: 'optional' } });
