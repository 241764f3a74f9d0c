/** The log of webhooks sent to others, and its route; part of the table in routes.ts. */
import { z } from 'zod';
import { idParams, pageOf, pageQuery, time } from './page.ts';
import type { Route } from './route.ts';

const deliverySchema = z
  .object({
    id: z.string(),
    executionId: z.string(),
    path: z.string().describe('Address of the node'),
    attempt: z.int().describe('Of the node; where it was sent again, that of the one it repeats'),
    connection: z.string().describe('Name of the connection it went by'),
    type: z.string().describe('Of the event'),
    messageId: z.string().describe('`webhook-id`, the same for every attempt, and where it is sent again'),
    repeats: z.string().nullable().describe('Id of the attempt that was sent again by this one; null: by its node'),
    isKept: z.boolean().describe('What it said is kept, so it can be sent again'),
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
  resendDelivery: {
    method: 'POST',
    path: '/api/deliveries/:id/resend',
    tag: 'Webhooks',
    summary: 'Send a webhook to others again',
    description:
      'The same body under the same `webhook-id`, to where its connection leads now, signed anew. It is an entry of its ' +
      'own, which says how it was answered; a receiver that knows the id may take it for a repeat. Takes 15 s at most.',
    permission: 'executions:write',
    params: idParams,
    headers: z.object({
      'idempotency-key': z
        .string()
        .min(1)
        .max(255)
        .optional()
        .describe(
          'The same key sends the same webhook again once. A repeat answers the first entry: `error` is `interrupted` while it is sent',
        ),
    }),
    answers: { 201: { description: 'It was sent; `status` and `error` say what came of it', schema: deliverySchema } },
    problems: [400, 404, 409, 422],
  },
} as const satisfies Record<string, Route>;
