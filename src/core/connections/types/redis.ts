import { z } from 'zod';
import type { ConnectionType } from '../connection-type.ts';
import { secret } from '../secret.ts';

const config = z
  .strictObject({
    host: z.string().min(1).max(253).describe('Name or address of the server'),
    port: z.int().min(1).max(65_535).default(6379),
    database: z.int().min(0).max(10_000).default(0).describe('Number of the database'),
    user: z.string().min(1).max(255).optional().describe('Default the user `default`'),
    password: secret(z.string().min(1).max(10_000).optional()),
    tls: z
      .enum(['verify', 'require', 'off'])
      .default('verify')
      .describe('`verify` checks the certificate, `require` only encrypts, `off` sends everything in the clear'),
    ca: z.string().max(100_000).optional().describe('Certificate of the authority (PEM) that `verify` trusts instead'),
  })
  .superRefine(({ user, password }, context) => {
    if (user !== undefined && password === undefined) {
      context.addIssue({ code: 'custom', path: ['password'], message: 'is needed for a user' });
    }
  });
export type RedisConfig = z.output<typeof config>;

export const redis: ConnectionType<RedisConfig> = {
  type: 'redis',
  description: 'A Redis server, or one that speaks its protocol, such as Valkey.',
  example: { host: 'redis.example.com', user: 'myelin', password: 'correct horse' },
  config,
  target: ['host', 'port', 'tls', 'ca'],
};
