import { z } from 'zod';
import type { ConnectionType } from '../connection-type.ts';
import { hostList } from '../host-list.ts';
import { secret } from '../secret.ts';

export const NATS_PORT = 4_222;

const config = z
  .strictObject({
    servers: hostList(NATS_PORT).describe(
      'Servers of the cluster, tried in this order, such as n1.example.com:4222,n2.example.com',
    ),
    tls: z
      .enum(['verify', 'require', 'off'])
      .default('verify')
      .describe('`verify` checks certificates, `require` only encrypts, `off` sends everything in the clear'),
    ca: z.string().max(100_000).optional().describe('Certificate of the authority (PEM) that `verify` trusts instead'),
    user: z.string().min(1).max(255).optional(),
    password: secret(z.string().min(1).max(10_000).optional()),
    token: secret(z.string().min(1).max(10_000).optional()).describe('Instead of user and password'),
    nkey: secret(
      z
        .string()
        .regex(/^SU[A-Z2-7]{56}$/, 'takes the seed of a user: SU and 56 letters and digits')
        .optional(),
    ).describe('Instead: seed of a user, `SU…`'),
    creds: secret(
      z
        .string()
        .max(100_000)
        .regex(/-----BEGIN NATS USER JWT-----[\s\S]+-----BEGIN USER NKEY SEED-----/, 'takes the text of a .creds file')
        .optional(),
    ).describe('Instead: text of a .creds file, with the JWT and the seed of a user'),
  })
  .superRefine(({ user, password, token, nkey, creds }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (user !== undefined && password === undefined) fault('password', 'is needed for a user');
    if (user === undefined && password !== undefined) fault('user', 'is needed for a password');
    const ways = Object.entries({ user, token, nkey, creds }).filter(([, value]) => value !== undefined);
    if (ways.length > 1) fault(ways[1]![0], `is another way to sign in than ${ways[0]![0]}: give one`);
  });
export type NatsConfig = z.output<typeof config>;

export const nats: ConnectionType<NatsConfig> = {
  type: 'nats',
  description: 'A NATS server or cluster with JetStream.',
  example: { servers: 'n1.example.com:4222,n2.example.com:4222', user: 'myelin', password: 'correct horse' },
  config,
  target: ['servers', 'tls', 'ca'],
};
