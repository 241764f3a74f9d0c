import { isIP } from 'node:net';
import type { BaseOptions } from '@platformatic/kafka';
import { hostsOf } from '../../core/connections/host-list.ts';
import { KAFKA_PORT, type KafkaConfig } from '../../core/connections/types/kafka.ts';
import type { Dialer } from './dialer.ts';

const MECHANISMS = { plain: 'PLAIN', 'scram-sha-256': 'SCRAM-SHA-256', 'scram-sha-512': 'SCRAM-SHA-512' } as const;

/** Of every client. What breaks is told soon: whoever uses it tries again in a way of his own. */
export function clientOptions(dialer: Dialer, config: KafkaConfig): BaseOptions {
  const { brokers, tls, ca, sasl, user, password, clientId } = config;
  const hosts = hostsOf(brokers, KAFKA_PORT);
  const isNamed = hosts.every(({ host }) => isIP(host) === 0);
  return {
    clientId,
    bootstrapBrokers: hosts,
    context: tls === 'off' ? dialer.plain : dialer.secure,
    connectTimeout: 5_000,
    // Of one request; those that wait for the group may take longer than the others.
    timeout: 10_000,
    retries: 2,
    retryDelay: 300,
    ...(tls !== 'off' && {
      tls: { rejectUnauthorized: tls === 'verify', lookup: dialer.lookup, ...(ca !== undefined && { ca }) },
      tlsServerName: isNamed,
    }),
    ...(sasl !== 'none' && { sasl: { mechanism: MECHANISMS[sasl], username: user ?? '', password: password ?? '' } }),
  };
}
