/** A connection to Redis that is dialed once: whoever uses it begins anew when it breaks. */
import { Redis } from 'ioredis';
import type { RedisConfig } from '../../core/connections/types/redis.ts';
import type { Egress } from '../../ports/egress.ts';

/** The signal ends the dialing; who has the connection closes it. */
export type Dial = (config: RedisConfig, signal: AbortSignal) => Promise<Redis>;

/** Of one command; a read that waits takes as long as it was told to. */
const ANSWER_MS = 10_000;
const CONNECT_MS = 5_000;

/** The address is that which the egress has checked; TLS still asks for the name. */
export const dialer =
  (egress: Pick<Egress, 'resolve'>): Dial =>
  async (config, signal) => {
    const { host, port, database, user, password, tls, ca } = config;
    const address = await egress.resolve(host, port);
    if (signal.aborted) throw signal.reason;
    const client = new Redis({
      ...{
        host: address,
        port,
        db: database,
        lazyConnect: true,
        connectTimeout: CONNECT_MS,
        commandTimeout: ANSWER_MS,
      },
      ...{
        retryStrategy: null,
        maxRetriesPerRequest: 0,
        enableOfflineQueue: false,
        connectionName: 'myelin',
        protocol: 2,
      },
      ...(user !== undefined && { username: user }),
      ...(password !== undefined && { password }),
      ...(tls !== 'off' && {
        tls: { servername: host, rejectUnauthorized: tls === 'verify', ...(ca !== undefined && { ca }) },
      }),
    });
    // What breaks is told by the command that is at work, or the next.
    const errors: Error[] = [];
    client.on('error', (error) => errors.push(error));
    const abort = () => client.disconnect();
    signal.addEventListener('abort', abort, { once: true });
    try {
      await client.connect();
      return client;
    } catch (error) {
      client.disconnect();
      // It says that the connection was closed; why, it has said before.
      throw errors[0] ?? error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
