/** Routes of messages; part of the table in routes.ts. */
import {
  EVENT_TYPE,
  EVENTS_TYPE,
  eventsAccepted,
  eventsBody,
  eventsHeaders,
  messagePage,
  messageParams,
  messageSchema,
  messagesQuery,
} from './events.ts';
import type { Route } from './route.ts';

export const eventRoutes = {
  sendEvents: {
    method: 'POST',
    path: '/api/events',
    tag: 'Messages',
    summary: 'Send one message, or many in one transaction',
    description:
      'CloudEvents 1.0 in structured, batch and binary mode, or plain JSON with `type` and `data`, where `id`, ' +
      '`source` and `time` have defaults. The same `source` and `id` within 24 h are the same message.',
    permission: 'events:write',
    headers: eventsHeaders,
    body: eventsBody,
    bodyTypes: ['application/json', EVENT_TYPE, EVENTS_TYPE],
    answers: { 202: { description: 'They are durable', schema: eventsAccepted } },
    problems: [400, 413, 503],
  },
  listEvents: {
    method: 'GET',
    path: '/api/events',
    tag: 'Messages',
    summary: 'Read the log of messages, newest first',
    permission: 'events:read',
    query: messagesQuery,
    answers: { 200: { description: 'A page of them, without what they say', schema: messagePage } },
    problems: [400],
  },
  getEvent: {
    method: 'GET',
    path: '/api/events/:position',
    tag: 'Messages',
    summary: 'Read a message',
    permission: 'events:read',
    params: messageParams,
    answers: { 200: { description: 'The message', schema: messageSchema } },
    problems: [400, 404],
  },
} as const satisfies Record<string, Route>;
