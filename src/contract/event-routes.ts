/** Routes of messages; part of the table in routes.ts. */
import { EVENT_TYPE, EVENTS_TYPE, eventsAccepted, eventsBody, eventsHeaders } from './events.ts';
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
} as const satisfies Record<string, Route>;
