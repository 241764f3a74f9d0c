import { z } from 'zod';
import type { ConnectionType } from '../connection-type.ts';
import { secret } from '../secret.ts';

const config = z.strictObject({
  host: z.string().min(1).max(253).describe('Name or address of the server'),
  port: z.int().min(1).max(65_535).optional().describe('Default 5671, or 5672 where `tls` is `off`'),
  vhost: z.string().min(1).max(255).default('/').describe('Virtual host'),
  user: z.string().min(1).max(255),
  password: secret(z.string().min(1).max(10_000)),
  tls: z
    .enum(['verify', 'require', 'off'])
    .default('verify')
    .describe('`verify` checks the certificate, `require` only encrypts, `off` sends everything in the clear'),
  ca: z.string().max(100_000).optional().describe('Certificate of the authority (PEM) that `verify` trusts instead'),
});
export type RabbitmqConfig = z.output<typeof config>;

export const portOf = ({ port, tls }: Pick<RabbitmqConfig, 'port' | 'tls'>): number =>
  port ?? (tls === 'off' ? 5_672 : 5_671);

export const rabbitmq: ConnectionType<RabbitmqConfig> = {
  type: 'rabbitmq',
  description: 'A virtual host of a RabbitMQ server, or of another that speaks AMQP 0-9-1 as it does.',
  example: { host: 'rabbit.example.com', vhost: 'shop', user: 'myelin', password: 'correct horse' },
  config,
  target: ['host', 'port', 'tls', 'ca'],
};
