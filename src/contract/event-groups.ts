/** Groups of event triggers: where each is in the log of messages. */
import { z } from 'zod';
import type { GroupState } from '../core/event-group.ts';
import { moment, pageOf, pageQuery } from './page.ts';
import type { Route } from './route.ts';

/** `group/` and a name of up to 200 characters. */
const groupParams = z.strictObject({ id: z.string().min(1).max(206) });

const groupSchema = z
  .object({
    id: z.string().describe('`group/NAME`, or the id of a trigger that belongs to no other group'),
    group: z.string().nullable().describe('What its triggers say in `group`; null: it is of one trigger'),
    state: z
      .enum(['live', 'catching_up', 'paused'] satisfies GroupState[])
      .describe('live: it hears what comes at once; paused: none of its workflows is active'),
    lag: z
      .object({
        messages: z.int().describe('Messages before it, of the types that it hears; at most 10,000 are counted'),
        isMore: z.boolean().describe('There are more than that, or more of the log than was looked at'),
        ms: z.int().describe('Age of the oldest of them; 0 where there is none'),
      })
      .describe('Of a live group always zero: how long messages wait for the relay is in /metrics'),
    missed: z.enum(['all', 'skip']).describe('What becomes of messages that come while it is paused'),
    gone: z.int().describe('Messages of the project that left the log before it had read them, since it was set'),
    members: z.array(
      z.object({
        triggerId: z.string(),
        trigger: z.string().describe('Its id in the definition'),
        workflowId: z.string(),
        workflowName: z.string(),
        active: z.boolean(),
        event: z.string().describe('Type that it hears, or a pattern'),
      }),
    ),
  })
  .meta({ id: 'EventGroup' });
export type GroupAnswer = z.output<typeof groupSchema>;

const resetBody = z
  .strictObject({
    to: z
      .union([z.enum(['earliest', 'latest']), moment], 'takes earliest, latest or a time such as 2026-07-01T12:00:00Z')
      .describe('`latest` passes over all that is before it; a time: what was written then or later'),
  })
  .meta({ id: 'EventGroupReset' });
export type GroupResetBody = z.input<typeof resetBody>;

export const eventGroupRoutes = {
  listEventGroups: {
    method: 'GET',
    path: '/api/event-groups',
    tag: 'Event groups',
    summary: 'List groups of event triggers, with how far behind each is',
    description: 'Each event trigger is in one: that of its `group`, or one of its own.',
    permission: 'events:read',
    query: pageQuery,
    answers: { 200: { description: 'A page of them, by id', schema: pageOf(groupSchema) } },
    problems: [400],
  },
  getEventGroup: {
    method: 'GET',
    path: '/api/event-groups/:id',
    tag: 'Event groups',
    summary: 'Read how far behind a group is',
    permission: 'events:read',
    params: groupParams,
    answers: { 200: { description: 'The group', schema: groupSchema } },
    problems: [400, 404],
  },
  resetEventGroup: {
    method: 'POST',
    path: '/api/event-groups/:id/reset',
    tag: 'Event groups',
    summary: 'Set a group to another place of the log',
    description:
      'What it reads again starts its workflows again. One that is paused goes on from there when a workflow of it is active.',
    permission: 'workflows:execute',
    params: groupParams,
    body: resetBody,
    answers: { 200: { description: 'The group as it is now', schema: groupSchema } },
    problems: [400, 404],
  },
} as const satisfies Record<string, Route>;
