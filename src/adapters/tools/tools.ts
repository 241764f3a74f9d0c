/** All tools from outside behind one port: the part of an id before the slash says whose tool it is. */

import { MyelinError } from '../../core/errors.ts';
import { suggest } from '../../core/suggest.ts';
import type { Egress } from '../../ports/egress.ts';
import type { Logger } from '../../ports/runtime.ts';
import type { Tools } from '../../ports/tools.ts';
import { openapiSource } from './openapi/openapi.ts';
import type { McpSettings, OpenapiSettings } from './settings.ts';
import { notFound, type SecretValues, type Source } from './source.ts';

export interface ToolsOptions {
  readonly egress: Egress;
  readonly settings: readonly (McpSettings | OpenapiSettings)[];
  readonly secrets: SecretValues;
  readonly log: Logger;
}

/** Nothing is read or started before it is asked for. */
export function createTools(options: ToolsOptions): Tools {
  const sources = new Map(options.settings.map((one) => sourceOf(one, options)).map((source) => [source.name, source]));
  const named = (name: string): Source => {
    const source = sources.get(name);
    if (source !== undefined) return source;
    const known = [...sources.keys()];
    const hint = known.length === 0 ? 'none is set up; see docs/tools.md' : `there are ${known.join(', ')}`;
    throw new MyelinError('tool_not_found', `There is no source of tools ${name}${suggest(name, known)}: ${hint}.`);
  };
  return {
    list: async (name, signal) => named(name).list(signal),
    async call(call) {
      const slash = call.id.indexOf('/');
      if (slash < 0) throw notFound(call.id);
      return named(call.id.slice(0, slash)).call(call.id.slice(slash + 1), call);
    },
    sources: () => [...sources.values()].map(({ name, kind, description }) => ({ name, kind, description })),
    stop: async () => {
      await Promise.all([...sources.values()].map((source) => source.stop()));
    },
  };
}

function sourceOf(settings: McpSettings | OpenapiSettings, options: ToolsOptions): Source {
  return settings.kind === 'mcp' ? lateMcpSource(settings, options) : openapiSource(settings, options);
}

/** The library of the protocol is loaded by the first use of a server. */
function lateMcpSource(settings: McpSettings, options: ToolsOptions): Source {
  let source: Promise<Source> | undefined;
  let isStopped = false;
  const loaded = async () => {
    if (isStopped) throw new MyelinError('shutting_down');
    source ??= import('./mcp/mcp.ts').then(({ mcpSource }) => mcpSource(settings, options));
    return await source;
  };
  return {
    name: `mcp:${settings.name}`,
    kind: 'mcp',
    description: settings.description,
    list: async (signal) => (await loaded()).list(signal),
    call: async (name, call) => (await loaded()).call(name, call),
    stop: async () => {
      isStopped = true;
      await (await source)?.stop();
    },
  };
}
