/** An MCP server as a source of tools. What it says of itself is not trusted: the operator's `effects` come first. */
import type { Tool } from '@modelcontextprotocol/client';
import type { Effect } from '../../../core/effect.ts';
import type { ExternalCall, ExternalResult, ExternalTool } from '../../../ports/tools.ts';
import { argumentSchema } from '../schema.ts';
import type { McpSettings } from '../settings.ts';
import { argumentsOf, effectOf, hashOf, isIncluded, pinned, type Source, validName } from '../source.ts';
import { Connection, type Link } from './connection.ts';
import { asFailure } from './failure.ts';
import { resultOf } from './result.ts';
import { openTransport, type TransportParts } from './transport.ts';

/** More than any model can choose from; `include` chooses among them. */
const MOST_TOOLS = 1_000;
const LONGEST_DESCRIPTION = 4_000;
/** Where a server that is made for it finds the key by which it can tell a repeated call. */
const KEY_META = 'myelin/idempotency-key';

export function mcpSource(settings: McpSettings, parts: Omit<TransportParts, 'source'>): Source {
  const name = `mcp:${settings.name}`;
  const { timeoutMs } = settings;
  const { log } = parts;
  const connection = new Connection({
    open: () => openTransport(settings.server, { ...parts, source: name }),
    timeoutMs,
    now: () => performance.now(),
    onFault: (error) => log.debug({ source: name, err: error }, 'a fault of a tool server'),
  });

  async function offered(link: Link, signal: AbortSignal, again: boolean): Promise<ExternalTool[]> {
    const tools = await connection.tools(link, signal, again);
    return tools
      .filter((tool) => isIncluded(settings.include, tool.name))
      .slice(0, MOST_TOOLS)
      .map((tool) => externalTool(settings, tool));
  }

  /** Asked again before a tool is said to be missing, or another than it was. */
  async function find(link: Link, call: ExternalCall): Promise<ExternalTool> {
    const named = (tools: readonly ExternalTool[]) => tools.find(({ id }) => id === call.id);
    const known = named(await offered(link, call.signal, false));
    const isKnown = known !== undefined && (call.hash === undefined || call.hash === known.hash);
    return isKnown ? known : pinned(named(await offered(link, call.signal, true)), call);
  }

  /** `work` says when the call of a tool goes out. */
  async function use<T>(
    what: string,
    signal: AbortSignal,
    work: (link: Link, sends: () => void) => Promise<T>,
  ): Promise<T> {
    let isSent = false;
    const sends = () => {
      isSent = true;
    };
    try {
      return await connection.use(signal, (link) => work(link, sends));
    } catch (error) {
      throw asFailure(error, { what, signal, timeoutMs, isSent });
    }
  }

  return {
    name,
    kind: 'mcp',
    description: settings.description,
    list: (signal) => use(name, signal, (link) => offered(link, signal, false)),
    call: (tool, call): Promise<ExternalResult> =>
      use(call.id, call.signal, async (link, sends) => {
        await find(link, call);
        const sent = { name: tool, arguments: argumentsOf(call), _meta: { [KEY_META]: call.idempotencyKey } };
        const limits = { signal: call.signal, timeout: timeoutMs, maxTotalTimeout: timeoutMs };
        sends();
        return resultOf(call.id, await link.client.callTool(sent, limits));
      }),
    stop: () => connection.stop(),
  };
}

function externalTool(settings: McpSettings, tool: Tool): ExternalTool {
  const { name, inputSchema, annotations } = tool;
  const description = tool.description ?? tool.title ?? name;
  return {
    id: `mcp:${settings.name}/${name}`,
    name: validName(name),
    description: description.slice(0, LONGEST_DESCRIPTION),
    parameters: argumentSchema(inputSchema, inputSchema),
    effect: effectOf(settings.effects, effectOfHints(annotations), name),
    hash: hashOf({ name, description, schema: inputSchema }),
  };
}

function effectOfHints(hints: Tool['annotations']): Effect {
  if (hints?.readOnlyHint === true) return 'read';
  return hints?.idempotentHint === true ? 'idempotent' : 'irreversible';
}
