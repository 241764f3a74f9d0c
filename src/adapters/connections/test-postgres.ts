import pg from 'pg';
import { codeOf, troubleOf } from '../../core/connections/trouble.ts';
import type { PostgresConfig } from '../../core/connections/types/postgres.ts';
import type { TestResult } from '../../ports/connections.ts';
import type { Egress } from '../../ports/egress.ts';
import { clientConfig } from './database-client.ts';

/** Signs in and asks for the version. */
export async function testPostgres(
  egress: Pick<Egress, 'socket'>,
  config: PostgresConfig,
  signal: AbortSignal,
): Promise<TestResult> {
  const socket = egress.socket(config.host, config.port);
  const client = new pg.Client({ ...clientConfig(egress, config), stream: () => socket });
  client.on('error', () => undefined);
  // Whatever the driver waits for, it hears of that.
  const stop = () => socket.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }));
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    const { rows } = await client.query("select current_setting('server_version') as version, current_user as user");
    const { version, user } = rows[0] as { version: string; user: string };
    return { ok: true, message: `PostgreSQL ${version} lets ${user} in.`, details: { version, user } };
  } catch (error) {
    return { ok: false, message: postgresTrouble(error, config), details: { code: codeOf(error) } };
  } finally {
    signal.removeEventListener('abort', stop);
    void client.end().catch(() => undefined);
  }
}

/** Why nobody is let in, in words of what to do. */
export function postgresTrouble(error: unknown, { host, port, user, database }: PostgresConfig): string {
  const code = codeOf(error);
  if (code === '28P01') return `Wrong user or password: the server does not let ${user} in with this password.`;
  if (code === '28000')
    return `The server does not let ${user} in from here: see its pg_hba.conf, and whether it wants TLS.`;
  if (code === '3D000') return `There is no database ${database} on this server.`;
  if (code === '42501') return `${user} may not connect to the database ${database}.`;
  if (code === '53300') return 'The server has too many connections already: try again, or raise max_connections.';
  if (code === '57P03') return 'The server is starting or stopping: try again in a moment.';
  // The driver has no codes for these.
  const text = error instanceof Error ? error.message : '';
  if (/does not support SSL|establishing an SSL/.test(text)) {
    return `${host}:${port} does not offer TLS: set \`tls\` to off if the way to it is safe.`;
  }
  if (/SASL|password/.test(text)) return `The server asks ${user} for a password: give the right one.`;
  if (/timeout/.test(text)) return troubleOf({ code: 'ETIMEDOUT' }, `${host}:${port}`);
  return troubleOf(error, code === 'ENOTFOUND' ? host : `${host}:${port}`);
}
