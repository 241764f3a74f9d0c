/** What changes in a project, told as it happens. */
import { z } from 'zod';
import { STATUSES } from '../core/execution/status.ts';
import { TOPICS, type Topic } from '../core/topics.ts';
import type { Route } from './route.ts';

export const liveEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('sync') }).describe('Something may have been missed: read everything again'),
    z.object({
      type: z.literal('changed'),
      topics: z
        .array(z.enum(TOPICS))
        .describe('`triggers`: times of schedules; `usage`: what calls of models cost, and budgets'),
      executions: z
        .array(z.object({ id: z.string(), workflowId: z.string(), status: z.enum(STATUSES) }))
        .describe('Up to 100, each with its last status'),
      more: z.literal(true).optional().describe('There are more executions than these'),
    }),
  ])
  .meta({ id: 'LiveEvent' });
export type LiveEvent = z.output<typeof liveEventSchema>;

export const liveRoutes = {
  followChanges: {
    method: 'GET',
    path: '/api/live',
    tag: 'Monitoring',
    summary: 'Hear what changes in the project, as it does',
    description:
      'Server-sent events. `sync` comes first, and whenever something may have been missed: read again what you show. ' +
      '`changed` says where something did, at most four times a second, whichever process did it. It ends when the ' +
      'key or the sign-in does, and a project has 500 at most at one server.',
    permission: 'executions:read',
    answers: { 200: { description: 'The events', schema: liveEventSchema, types: ['text/event-stream'] } },
    problems: [400, 429, 503],
  },
} as const satisfies Record<string, Route>;

/** What a success of a route of this tag changes. */
const TOPICS_OF: Partial<Record<Route['tag'], readonly Topic[]>> = {
  Workflows: ['workflows'],
  Triggers: ['workflows'],
  Executions: ['executions'],
  // One that is requeued may go on as a new execution.
  'Dead letters': ['dead-letters', 'executions'],
  Approvals: ['approvals'],
  Sessions: ['sessions'],
  Prompts: ['prompts'],
  Connections: ['connections'],
  Keys: ['keys'],
  Money: ['usage'],
};

/** Nothing, where it only reads or asks. */
export function topicsOf({ tag, permission }: Route): readonly Topic[] {
  return permission.endsWith(':write') || permission === 'approvals:decide' ? (TOPICS_OF[tag] ?? []) : [];
}
