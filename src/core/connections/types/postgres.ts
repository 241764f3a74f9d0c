import { z } from 'zod';
import type { ConnectionType } from '../connection-type.ts';
import { secret } from '../secret.ts';

const config = z.strictObject({
  host: z.string().min(1).max(253).describe('Name or address of the server'),
  port: z.int().min(1).max(65_535).default(5432),
  database: z.string().min(1).max(63),
  user: z.string().min(1).max(63),
  password: secret(z.string().max(10_000).optional()),
  tls: z
    .enum(['verify', 'require', 'off'])
    .default('verify')
    .describe('`verify` checks the certificate, `require` only encrypts, `off` sends everything in the clear'),
  ca: z.string().max(100_000).optional().describe('Certificate of the authority (PEM) that `verify` trusts instead'),
});
export type PostgresConfig = z.output<typeof config>;

export const postgres: ConnectionType<PostgresConfig> = {
  type: 'postgres',
  description: 'A PostgreSQL database.',
  example: { host: 'db.example.com', database: 'shop', user: 'myelin', password: 'correct horse' },
  config,
  target: ['host', 'port', 'tls', 'ca'],
};
