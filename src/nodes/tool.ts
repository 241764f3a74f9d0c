/** Calls a tool by name: `noop`, which needs nothing, or one of an MCP server or OpenAPI file of the operator. */
import { z } from 'zod';
import { dynamic } from '../core/dynamic.ts';
import { MyelinError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { fitFaults } from '../core/json-schema/fit.ts';
import type { TaskContext, TaskNode } from '../core/node-type.ts';
import type { ExternalTool, Tools } from '../ports/tools.ts';

/** `mcp:github/create_issue`: the source, and its tool. */
const EXTERNAL = /^((?:mcp|openapi):[a-z][a-z0-9_-]{0,62})\/(.{1,200})$/;
const EXCERPT = 1_000;

export const toolConfig = z.strictObject({
  tool: z
    .string()
    .refine(
      (name) => name === 'noop' || EXTERNAL.test(name),
      'takes noop, mcp:SERVER/TOOL or openapi:API/OPERATION; `myelin tools` lists them',
    ),
  arguments: z.unknown().optional().describe('Default the input of this node'),
  effect: z
    .enum(['pure', 'read', 'idempotent', 'irreversible'])
    .optional()
    .describe('What the tool does to the world; default irreversible, and idempotent for noop'),
  hash: dynamic(z.string().regex(/^[0-9a-f]{64}$/, 'takes the hash that `myelin tools SOURCE` shows'))
    .optional()
    .describe('Refuse the tool once its definition is another than that of this hash'),
});
export type ToolConfig = z.infer<typeof toolConfig>;

/**
 * Output: what the tool gave back. Throws `config_invalid` for arguments that do not fit its schema, `tool_failed`
 * (data: `output`) where it says that it failed, and what the port throws.
 */
export function toolNode(tools: Tools): TaskNode<ToolConfig> {
  return {
    type: 'tool',
    version: 1,
    description: 'Calls a tool by name with arguments; the result is durable before anything after it starts.',
    example: { tool: 'noop', arguments: { id: '{{ $json.id }}' } },
    config: toolConfig,
    ports: () => ['out', 'error'],
    effect: ({ tool, effect }) => effect ?? (tool === 'noop' ? 'idempotent' : 'irreversible'),
    dependency: ({ tool }) => {
      const source = EXTERNAL.exec(tool)?.[1];
      return source === undefined ? undefined : `tool:${source}`;
    },
    async run(config, task) {
      const given = config.arguments === undefined ? task.input : config.arguments;
      return { output: config.tool === 'noop' ? given : await callTool(tools, config, given, task) };
    },
  };
}

async function callTool(
  tools: Tools,
  { tool: id, hash }: ToolConfig,
  given: unknown,
  task: TaskContext,
): Promise<Json> {
  const { signal, idempotencyKey } = task;
  const tool = await find(tools, id, signal);
  const faults = fitFaults(tool.parameters, given);
  if (faults.length > 0) {
    const words = faults.map(({ path, message }) => `${path === '' ? 'they' : path} ${message}`).join('; ');
    throw new MyelinError('config_invalid', `The arguments of ${id} do not fit: ${words}.`, { faults });
  }
  // It fits a JSON Schema of type object, so it is JSON.
  const call = { id, arguments: given as Json, idempotencyKey, signal, hash: hash ?? tool.hash };
  const { output, isError } = await tools.call(call);
  if (!isError) return output;
  const said = typeof output === 'string' ? output : JSON.stringify(output);
  throw new MyelinError('tool_failed', `${id} says that it failed: ${said.slice(0, EXCERPT)}`, { output });
}

/** As it is now: its schema is what the arguments are held against, and what is called must be the same tool. */
async function find(tools: Tools, id: string, signal: AbortSignal): Promise<ExternalTool> {
  const source = EXTERNAL.exec(id)?.[1] ?? id;
  const found = (await tools.list(source, signal)).find((tool) => tool.id === id);
  if (found !== undefined) return found;
  throw new MyelinError('tool_not_found', `There is no tool ${id}; \`myelin tools ${source}\` lists those there are.`);
}
