/** The feed of a project's events to a broker, and its routes; part of the table in routes.ts. */
import { z } from 'zod';
import { time } from './page.ts';
import type { Route } from './route.ts';

/** Commits whose events are counted. */
export const MOST_COUNTED = 100_000;

const target = z
  .record(z.string().min(1).max(100), z.unknown())
  .refine((fields) => JSON.stringify(fields).length <= 4_000, 'takes at most 4,000 characters of JSON')
  .describe(
    'Fields of the publish node of its type that say where: `topic`, `exchange` and `routingKey`, `stream`, `subject`',
  );

const feedSchema = z
  .object({
    connection: z.string().describe('Name of the connection by which events leave'),
    type: z.string().describe('Of the connection'),
    target,
    state: z.enum(['listening', 'error']).describe('error: the last try failed, and it tries again by itself'),
    error: z.object({ code: z.string(), message: z.string() }).nullable().describe('Of the last try, where it failed'),
    failures: z.int().describe('Tries that failed one after the other'),
    retryAt: time.nullable().describe('When it tries again; null: as soon as there is something'),
    waiting: z.int().describe(`Events that are not sent; counted in the first ${MOST_COUNTED} commits`),
    oldestAt: time.nullable().describe('When the oldest of them was written'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'EventFeed' });
export type EventFeedAnswer = z.output<typeof feedSchema>;

const newFeed = z.strictObject({
  connection: z.string().min(1).max(200).describe('Name of a connection to Kafka, RabbitMQ, Redis or NATS'),
  target,
});
export type NewEventFeedBody = z.input<typeof newFeed>;

export const eventFeedRoutes = {
  getEventFeed: {
    method: 'GET',
    path: '/api/event-feed',
    tag: 'Connections',
    summary: 'Read where the events of the project go, and how that is getting on',
    permission: 'connections:read',
    answers: {
      200: { description: 'The feed; null: there is none', schema: z.object({ feed: feedSchema.nullable() }) },
    },
    problems: [400],
  },
  putEventFeed: {
    method: 'PUT',
    path: '/api/event-feed',
    tag: 'Connections',
    summary: 'Send every event of the project to a broker',
    description:
      'Events of executions and sessions, as CloudEvents. A new feed begins with what is written from now on; one that ' +
      'is there goes on at the new place with what waits.',
    permission: 'connections:write',
    body: newFeed,
    answers: { 200: { description: 'The feed', schema: feedSchema } },
    problems: [400],
  },
  deleteEventFeed: {
    method: 'DELETE',
    path: '/api/event-feed',
    tag: 'Connections',
    summary: 'End the feed of events',
    description: 'What waits is not sent any more.',
    permission: 'connections:write',
    answers: { 204: { description: 'There is none any more' } },
    problems: [404],
  },
} as const satisfies Record<string, Route>;
