/** How the driver reaches a database of a connection: through the egress, and by nothing of our own environment. */
import type { Socket } from 'node:net';
import type { ClientConfig } from 'pg';
import type { PostgresConfig } from '../../core/connections/types/postgres.ts';
import type { Egress } from '../../ports/egress.ts';

/** Milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

export function clientConfig(egress: Pick<Egress, 'socket'>, config: PostgresConfig): ClientConfig {
  const { host, port, database, user, password, tls, ca } = config;
  return {
    ...{ host, port, database, user },
    // A function, since for an empty text the driver would look into PGPASSWORD and .pgpass of whoever started us.
    password: () => password ?? '',
    ssl: tls === 'off' ? false : { rejectUnauthorized: tls === 'verify', ...(ca !== undefined && { ca }) },
    stream: (): Socket => egress.socket(host, port),
    application_name: 'myelin',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  };
}
