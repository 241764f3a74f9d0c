/** Calls a tool by name. The tools that need nothing from outside are here; others come from adapters. */
import { z } from 'zod';
import { MyelinError } from '../core/errors.ts';
import type { TaskNode } from '../core/node-type.ts';

/** `noop` gives its arguments back; its result is durable like that of any task, which is what benches measure. */
const TOOLS: ReadonlyMap<string, (input: unknown) => unknown> = new Map([['noop', (input: unknown) => input]]);

export const toolConfig = z.strictObject({
  tool: z.string().refine((name) => TOOLS.has(name), `takes one of ${[...TOOLS.keys()].join(', ')}`),
  arguments: z.unknown().optional().describe('Default the input of this node'),
});
export type ToolConfig = z.infer<typeof toolConfig>;

export const tool: TaskNode<ToolConfig> = {
  type: 'tool',
  version: 1,
  description: 'Calls a tool by name with arguments; the result is durable before anything after it starts.',
  example: { tool: 'noop', arguments: { id: '{{ $json.id }}' } },
  config: toolConfig,
  ports: () => ['out', 'error'],
  effect: () => 'idempotent',
  run: async (config, task) => {
    const call = TOOLS.get(config.tool);
    if (call === undefined) throw new MyelinError('config_invalid', `tool: there is no tool ${config.tool}`);
    return { output: call(config.arguments === undefined ? task.input : config.arguments) };
  },
};
