/** The route of the Model Context Protocol; part of the table in routes.ts. */
import { z } from 'zod';
import type { Route } from './route.ts';

const messageSchema = z
  .looseObject({ jsonrpc: z.literal('2.0'), id: z.union([z.string(), z.number()]).optional() })
  .meta({ id: 'McpMessage', description: 'A message of JSON-RPC, as modelcontextprotocol.io has it' });

export const mcpRoutes = {
  callMcp: {
    method: 'POST',
    path: '/mcp',
    tag: 'Tools',
    summary: 'Workflows as tools of the Model Context Protocol',
    description:
      'Streamable HTTP without sessions, revisions 2026-07-28 and 2025-11-25. Active workflows with ' +
      '`expose: { mcp: true }` are its tools.',
    permission: 'workflows:execute',
    body: messageSchema,
    answers: {
      200: {
        description: 'The answer, or a stream that ends with it',
        types: ['application/json', 'text/event-stream'],
      },
      202: { description: 'A message that needs no answer was taken' },
    },
    problems: [400, 403, 404, 405, 413, 415, 503],
  },
} as const satisfies Record<string, Route>;
