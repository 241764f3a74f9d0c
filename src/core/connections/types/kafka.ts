import { z } from 'zod';
import type { ConnectionType } from '../connection-type.ts';
import { hostList } from '../host-list.ts';
import { secret } from '../secret.ts';

export const KAFKA_PORT = 9_092;

const config = z
  .strictObject({
    brokers: hostList(KAFKA_PORT).describe('Some brokers of the cluster, such as k1.example.com:9092,k2.example.com'),
    tls: z
      .enum(['verify', 'require', 'off'])
      .default('verify')
      .describe('`verify` checks certificates, `require` only encrypts, `off` sends everything in the clear'),
    ca: z.string().max(100_000).optional().describe('Certificate of the authority (PEM) that `verify` trusts instead'),
    sasl: z
      .enum(['none', 'plain', 'scram-sha-256', 'scram-sha-512'])
      .default('none')
      .describe('How it signs in with user and password'),
    user: z.string().min(1).max(255).optional(),
    password: secret(z.string().min(1).max(10_000).optional()),
    clientId: z.string().min(1).max(255).default('myelin').describe('What the logs of the brokers call us'),
  })
  .superRefine(({ sasl, user, password }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (sasl !== 'none' && user === undefined) fault('user', `is needed for ${sasl}`);
    if (sasl !== 'none' && password === undefined) fault('password', `is needed for ${sasl}`);
    if (sasl === 'none' && (user !== undefined || password !== undefined)) {
      fault('sasl', 'says how to sign in; choose plain, scram-sha-256 or scram-sha-512');
    }
  });
export type KafkaConfig = z.output<typeof config>;

export const kafka: ConnectionType<KafkaConfig> = {
  type: 'kafka',
  description: 'A Kafka cluster.',
  example: {
    brokers: 'k1.example.com:9092,k2.example.com:9092',
    sasl: 'scram-sha-512',
    user: 'myelin',
    password: 'correct horse',
  },
  config,
  target: ['brokers', 'tls', 'ca', 'sasl'],
};
