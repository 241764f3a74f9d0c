import { z } from 'zod';
import type { ConnectionType } from '../connection-type.ts';
import { secret } from '../secret.ts';

const config = z
  .strictObject({
    host: z.string().min(1).max(253).describe('Name or address of the server'),
    port: z.int().min(1).max(65_535).default(587),
    tls: z
      .enum(['starttls', 'tls', 'off'])
      .default('starttls')
      .describe(
        '`starttls` begins in the clear and must go on encrypted, `tls` is encrypted from the start (port 465)',
      ),
    user: z.string().min(1).max(320).optional().describe('Without one, nobody signs in'),
    password: secret(z.string().max(10_000).optional()),
    from: z.string().min(3).max(320).describe('Sender, such as `Shop <shop@example.com>`'),
  })
  .refine(({ user, password }) => user !== undefined || password === undefined, {
    path: ['user'],
    message: 'goes with the password; give it too',
  });
export type SmtpConfig = z.output<typeof config>;

export const smtp: ConnectionType<SmtpConfig> = {
  type: 'smtp',
  description: 'A server that sends mail.',
  example: {
    host: 'smtp.example.com',
    user: 'shop@example.com',
    password: 'correct horse',
    from: 'Shop <shop@example.com>',
  },
  config,
  target: ['host', 'port', 'tls'],
};
