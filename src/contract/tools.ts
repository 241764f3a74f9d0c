/** Tools from outside, and their route; part of the table in routes.ts. */
import { z } from 'zod';
import { EFFECTS } from '../core/effect.ts';
import type { Route } from './route.ts';

const toolSchema = z
  .object({
    id: z.string().describe('What a `tool` node and an agent call it by: `mcp:github/create_issue`'),
    name: z.string(),
    description: z.string().describe('In the words of its source: not to be trusted'),
    parameters: z.record(z.string(), z.unknown()).describe('JSON Schema of its arguments'),
    effect: z.enum(EFFECTS),
    hash: z.string().describe('SHA-256 of its definition; with it, a tool that changes is refused'),
  })
  .meta({ id: 'Tool' });

const toolSourceSchema = z
  .object({
    name: z.string().describe('`mcp:github`, `openapi:petstore`'),
    kind: z.enum(['mcp', 'openapi']),
    description: z.string(),
    tools: z.array(toolSchema).optional().describe('Only of the source that was asked for'),
  })
  .meta({ id: 'ToolSource' });
export type ToolSourceAnswer = z.infer<typeof toolSourceSchema>;

export const toolRoutes = {
  listTools: {
    method: 'GET',
    path: '/api/tools',
    tag: 'Catalog',
    summary: 'List where tools come from',
    description:
      'The MCP servers and OpenAPI files of the settings, none of which is asked. With `source` that one alone, which ' +
      'is asked for its tools.',
    permission: 'workflows:read',
    query: z.strictObject({ source: z.string().min(1).max(100).optional() }),
    answers: { 200: { description: 'All of them', schema: z.object({ items: z.array(toolSourceSchema) }) } },
    problems: [400, 422, 502, 504],
  },
} as const satisfies Record<string, Route>;
