/** A connection to RabbitMQ that is dialed once: whoever uses it begins anew when it breaks. */
import { isIP } from 'node:net';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { portOf, type RabbitmqConfig } from '../../core/connections/types/rabbitmq.ts';
import type { Egress } from '../../ports/egress.ts';

export interface Client {
  readonly model: ChannelModel;
  /** Resolves when the connection is there no more, with what broke it. */
  readonly ended: Promise<unknown>;
  /** Lets the server have what was said, first by this channel, for a while, and then breaks it off. */
  close(channel?: Channel): Promise<void>;
}

export type Dial = (config: RabbitmqConfig, signal: AbortSignal) => Promise<Client>;

const CONNECT_MS = 5_000;
/** A server that is silent for twice as long is gone. */
const HEARTBEAT_S = 10;
const GOODBYE_MS = 1_000;

/** The address is that which the egress has checked; TLS still asks for the name. The signal counts until it is there. */
export const dialer =
  (egress: Pick<Egress, 'resolve'>): Dial =>
  async (config, signal) => {
    const { host, vhost, user, password, tls, ca } = config;
    const port = portOf(config);
    const address = await egress.resolve(host, port);
    if (signal.aborted) throw signal.reason;
    const broken = new AbortController();
    const abort = () => broken.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const socket = {
      // Of `net.connect`, to which it is handed on.
      ...{ signal: broken.signal, timeout: CONNECT_MS, noDelay: true, keepAlive: true },
      clientProperties: { connection_name: 'myelin' },
      ...(tls !== 'off' && {
        ...(isIP(host) === 0 && { servername: host }),
        ...(ca !== undefined && { ca }),
        rejectUnauthorized: tls === 'verify',
      }),
    };
    try {
      const model = await connect(
        {
          ...{ protocol: tls === 'off' ? 'amqp' : 'amqps', hostname: address, port, heartbeat: HEARTBEAT_S },
          // The library takes it for a part of a URL.
          ...{ vhost: encodeURIComponent(vhost), username: user, password },
        },
        socket,
      );
      return clientOf(model, broken);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };

function clientOf(model: ChannelModel, broken: AbortController): Client {
  const ended = Promise.withResolvers<unknown>();
  let why: unknown;
  model.on('error', (error) => {
    why = error;
  });
  model.on('close', (error) => ended.resolve(error ?? why ?? new Error('Connection closed')));
  /** The server heeds nothing that comes after the end of the connection, and channels have queues of their own. */
  const sayGoodbye = async (channel?: Channel) => {
    try {
      await channel?.close();
      await model.close();
    } catch {
      // It is closed already.
    }
  };
  const close = async (channel?: Channel) => {
    const late = setTimeout(() => broken.abort(), GOODBYE_MS);
    await Promise.race([sayGoodbye(channel), ended.promise]);
    clearTimeout(late);
    broken.abort();
  };
  return { model, ended: ended.promise, close };
}
