import { z } from 'zod';
import type { ConnectionType } from '../connection-type.ts';
import { httpUrl } from '../http-url.ts';
import { secret } from '../secret.ts';

/** As Standard Webhooks has it: 24 to 64 bytes in base64, `whsec_` in front. */
const SIGNING_SECRET = /^whsec_(?=(?:.{4}){8,22}$)[A-Za-z0-9+/]+={0,2}$/;

const signingSecret = z.string().regex(SIGNING_SECRET, 'takes whsec_ and 24 to 64 bytes in base64');

const config = z.strictObject({
  url: httpUrl.describe('Where requests are sent'),
  secret: secret(signingSecret).describe('Signs each request, as Standard Webhooks has it; never sent itself'),
  oldSecret: secret(signingSecret.optional()).describe(
    'Signs each request too, until those who take them know the new one',
  ),
});
export type WebhookConfig = z.output<typeof config>;

export const webhook: ConnectionType<WebhookConfig> = {
  type: 'webhook',
  description: 'An address of others that takes signed requests (Standard Webhooks).',
  example: { url: 'https://hooks.example.com/orders', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  config,
  // The secret signs what is sent and does not leave.
  target: [],
};
