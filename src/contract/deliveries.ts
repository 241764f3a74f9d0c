/** The log of webhooks sent to others, and its route; part of the table in routes.ts. */
import { z } from 'zod';
import { pageOf, pageQuery, time } from './page.ts';
import type { Route } from './route.ts';

const deliverySchema = z
  .object({
    id: z.string(),
    executionId: z.string(),
    path: z.string().describe('Address of the node'),
    attempt: z.int(),
    connection: z.string().describe('Name of the connection it went by'),
    type: z.string().describe('Of the event'),
    messageId: z.string().describe('`webhook-id`, the same for every attempt'),
    status: z.int().nullable().describe('Null: there was no answer'),
    error: z.string().nullable().describe('Code of why there was none'),
    response: z.string().nullable().describe('The first 1,024 characters of the answer; null where the workflow masks'),
    durationMs: z.int(),
    at: time,
  })
  .meta({ id: 'Delivery' });
export type DeliveryAnswer = z.infer<typeof deliverySchema>;

const query = pageQuery.extend({
  cursor: z.uuid().optional().describe('`nextCursor` of the page before'),
  connection: z.string().min(1).max(200).optional().describe('Name of the connection'),
  execution: z.uuid().optional(),
  failed: z.enum(['true', 'false']).optional().describe('Only those that were not taken'),
});
export type DeliveryQuery = z.input<typeof query>;

export const deliveryRoutes = {
  listDeliveries: {
    method: 'GET',
    path: '/api/deliveries',
    tag: 'Webhooks',
    summary: 'List attempts to send webhooks to others',
    description: 'Newest first. They are kept as long as their executions.',
    permission: 'executions:read',
    query,
    answers: { 200: { description: 'A page of them', schema: pageOf(deliverySchema) } },
    problems: [400],
  },
} as const satisfies Record<string, Route>;
