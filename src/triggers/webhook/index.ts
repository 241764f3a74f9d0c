/** Starts an execution for each HTTP request to `/webhooks/PATH`. */
import type { TriggerType } from '../../core/trigger-type.ts';
import { type WebhookConfig, webhookConfig } from './config.ts';

export const webhook: TriggerType<WebhookConfig> = {
  type: 'webhook',
  version: 1,
  description: 'Starts when an HTTP request comes to its path.',
  example: {
    path: 'incidents/:service',
    method: 'POST',
    respond: 'accepted',
    verify: { scheme: 'github', secret: '{{ $secrets.GITHUB_WEBHOOK }}' },
    dedupe: { key: "{{ $trigger.headers['x-github-delivery'] }}", ttl: '24h' },
  },
  config: webhookConfig,
  first: ['path', 'method', 'respond', 'verify'],
};
