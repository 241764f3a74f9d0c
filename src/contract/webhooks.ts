/** Webhooks of active workflows, and what calling one answers. */
import { z } from 'zod';
import { pageOf, pageQuery } from './page.ts';

const webhookSchema = z
  .object({
    triggerId: z.string(),
    triggerName: z.string(),
    workflowId: z.string(),
    version: z.int(),
    method: z.string(),
    path: z.string(),
    url: z.string().describe('Path to call on this server'),
    respond: z.enum(['accepted', 'result']),
    verify: z.string().nullable().describe('Scheme of its signature; null: none is asked for'),
  })
  .meta({ id: 'Webhook' });
export type WebhookAnswer = z.infer<typeof webhookSchema>;

export const webhookPage = pageOf(webhookSchema);
export const webhooksQuery = pageQuery.extend({
  cursor: z.string().min(1).max(400).optional().describe('`nextCursor` of the page before'),
});

export const acceptedSchema = z.object({ executionId: z.string() }).meta({ id: 'Accepted' });

export const webhookParams = z.strictObject({ path: z.string().describe('Path of the webhook; it may hold slashes') });
