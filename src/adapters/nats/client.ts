/** A connection to NATS that is dialed once: whoever uses it begins anew when it breaks. */
import { isIP } from 'node:net';
import {
  type Authenticator,
  AuthorizationError,
  connect,
  credsAuthenticator,
  type NatsConnection,
  type NodeConnectionOptions,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node';
import { type HostPort, hostsOf } from '../../core/connections/host-list.ts';
import { NATS_PORT, type NatsConfig } from '../../core/connections/types/nats.ts';
import { MyelinError } from '../../core/errors.ts';
import type { Egress } from '../../ports/egress.ts';

export type Dial = (config: NatsConfig, signal: AbortSignal) => Promise<NatsConnection>;

const CONNECT_MS = 5_000;
/** Twice without an answer, and the connection is taken for broken. */
const PING_MS = 5_000;

/**
 * The addresses are those which the egress has checked, and others that servers tell of are never dialed; TLS still asks
 * for the name. The first server that answers is taken.
 */
export const dialer =
  (egress: Pick<Egress, 'resolve'>): Dial =>
  async (config, signal) => {
    const authenticator = authenticatorOf(config);
    let failure: unknown;
    for (const server of hostsOf(config.servers, NATS_PORT)) {
      try {
        const address = await egress.resolve(server.host, server.port);
        if (signal.aborted) throw signal.reason;
        return await connected(connect({ ...optionsOf(config, server, address), authenticator }), signal);
      } catch (error) {
        failure = error;
        // The others have the same users.
        if (signal.aborted || error instanceof AuthorizationError) break;
      }
    }
    throw failure;
  };

/** An abort ends the dialing, and closes what was dialed. */
function connected(dialing: Promise<NatsConnection>, signal: AbortSignal): Promise<NatsConnection> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason);
      // The library knows no signals: it goes on for as long as it may.
      void dialing.then((connection) => connection.close()).catch(() => undefined);
    };
    signal.addEventListener('abort', abort, { once: true });
    const over = () => signal.removeEventListener('abort', abort);
    dialing.then(
      (connection) => {
        void connection.closed().then(over);
        resolve(connection);
      },
      (error) => {
        over();
        reject(error);
      },
    );
  });
}

function optionsOf({ tls, ca }: NatsConfig, { host, port }: HostPort, address: string): NodeConnectionOptions {
  const name = isIP(host) === 0 ? { servername: host } : { host };
  const secured = { ...name, rejectUnauthorized: tls === 'verify', ...(ca !== undefined && { ca }) };
  return {
    servers: isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`,
    tls: tls === 'off' ? null : secured,
    name: 'myelin',
    timeout: CONNECT_MS,
    pingInterval: PING_MS,
    maxPingOut: 2,
    reconnect: false,
    resolve: false,
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
  };
}

/** Throws `broker_refused` where the seed is none: its last characters are a checksum. */
function authenticatorOf({ user, password, token, nkey, creds }: NatsConfig): Authenticator[] {
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (user !== undefined) return [usernamePasswordAuthenticator(user, password)];
  if (token !== undefined) return [tokenAuthenticator(token)];
  const signing = nkey !== undefined ? nkeyAuthenticator(bytes(nkey)) : undefined;
  const authenticator = creds !== undefined ? credsAuthenticator(bytes(creds)) : signing;
  if (authenticator === undefined) return [];
  try {
    authenticator('try');
  } catch {
    const field = nkey === undefined ? 'creds' : 'nkey';
    throw new MyelinError('broker_refused', `The seed in \`${field}\` is none: copy it once more, with all of it.`);
  }
  return [authenticator];
}

/** Resolves when the server has everything that was sent. The library lets who waits for it wait, when the connection breaks. */
export async function flushed(connection: NatsConnection): Promise<void> {
  const broken = connection.closed().then((error) => {
    throw error ?? Object.assign(new Error('The connection has ended.'), { code: 'ECONNRESET' });
  });
  await Promise.race([connection.flush(), broken]);
}
