/** Lanes of flow control, and their route; part of the table in routes.ts. */
import { z } from 'zod';
import { LANE_KINDS } from '../core/flow/ticket.ts';
import type { Route } from './route.ts';

const laneSchema = z
  .object({
    workflowId: z.string(),
    workflowName: z.string(),
    kind: z.enum(LANE_KINDS),
    key: z.unknown().describe('What the expression of the key gave; null: no key'),
    running: z.int().describe('Executions that hold a slot; of a rate, those begun within its time'),
    waiting: z.int(),
  })
  .meta({ id: 'FlowLane' });

const MAX_LANES = 1_000;

const flowQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_LANES).default(100).describe('Lanes, those with most waiting first'),
});

export const flowRoutes = {
  listFlow: {
    method: 'GET',
    path: '/api/flow',
    tag: 'Executions',
    summary: 'See what flow control holds',
    description: 'Lanes in which executions wait or run under a limit. An execution may be in several.',
    permission: 'executions:read',
    query: flowQuery,
    answers: {
      200: { description: 'Those with most waiting first', schema: z.object({ items: z.array(laneSchema) }) },
    },
    problems: [400],
  },
} as const satisfies Record<string, Route>;
