import { z } from 'zod';
import type { ConnectionType } from '../connection-type.ts';
import { httpUrl } from '../http-url.ts';
import { secret } from '../secret.ts';

const config = z
  .strictObject({
    token: secret(z.string().min(1).max(1_000).optional()).describe(
      'Of a bot, `xoxb-…`: posts to any channel it is in',
    ),
    webhookUrl: secret(httpUrl.optional()).describe('Of an incoming webhook: posts to its one channel'),
    apiUrl: httpUrl.default('https://slack.com/api').describe('Where `token` is sent'),
  })
  .refine(({ token, webhookUrl }) => (token === undefined) !== (webhookUrl === undefined), {
    path: ['token'],
    message: 'give either token or webhookUrl',
  });
export type SlackConfig = z.output<typeof config>;

export const slack: ConnectionType<SlackConfig> = {
  type: 'slack',
  description: 'A Slack workspace, by a bot or an incoming webhook.',
  example: { token: 'xoxb-1-2-abc' },
  config,
  target: ['apiUrl'],
};
