/** NATS JetStream, by `@nats-io/transport-node` and `@nats-io/jetstream`. */
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { NatsConfig } from '../../core/connections/types/nats.ts';
import type { Broker, BrokerConnection, Sender, Subscription } from '../../ports/brokers.ts';
import type { TestResult } from '../../ports/connections.ts';
import type { Egress } from '../../ports/egress.ts';
import { type Dial, dialer } from './client.ts';
import { consume } from './consume.ts';
import { publish } from './publish.ts';
import { isWithoutJetStream, natsError } from './trouble.ts';

export function natsBroker(egress: Pick<Egress, 'resolve'>): Broker {
  const dial = dialer(egress);
  return {
    type: 'nats',
    consume: (subscription, signal) => listen(dial, subscription, signal),
    sender: (connection) => senderOf(dial, connection),
    test: (config, signal) => tryIt(dial, config as NatsConfig, signal),
    close: async () => undefined,
  };
}

async function listen(dial: Dial, subscription: Subscription, signal: AbortSignal): Promise<void> {
  const config = subscription.connection.config as NatsConfig;
  let connection: NatsConnection | undefined;
  const dialing = new AbortController();
  const abort = () => {
    // What was not taken is given back by the connection.
    if (connection === undefined) dialing.abort(signal.reason);
  };
  signal.addEventListener('abort', abort);
  try {
    connection = await dial(config, dialing.signal);
    if (!signal.aborted) await consume(connection, subscription, signal);
  } catch (error) {
    const why = connection?.isClosed() === true ? await connection.closed() : undefined;
    if (!signal.aborted) throw natsError(why ?? error, config);
  } finally {
    signal.removeEventListener('abort', abort);
    await connection?.close();
  }
}

function senderOf(dial: Dial, connection: BrokerConnection): Sender {
  const config = connection.config as NatsConfig;
  const over = new AbortController();
  let isBroken = false;
  let client: Promise<NatsConnection> | undefined;
  const connected = async () => {
    client ??= dial(config, over.signal).then((one) => {
      void one.closed().then(() => {
        isBroken = true;
      });
      return one;
    });
    return await client;
  };
  return {
    send: async (messages) => {
      try {
        const one = await connected();
        // Pipelined, in this order.
        return await Promise.all(messages.map((message) => publish(one, message)));
      } catch (error) {
        isBroken ||= client === undefined || (await client.then((one) => one.isClosed()).catch(() => true));
        throw natsError(error, config);
      }
    },
    get isBroken() {
      return isBroken;
    },
    close: async () => over.abort(),
  };
}

async function tryIt(dial: Dial, config: NatsConfig, signal: AbortSignal): Promise<TestResult> {
  try {
    const connection = await dial(config, signal);
    try {
      const { version = 'of an unknown version', jetstream = false } = connection.info ?? {};
      const isOn = jetstream && (await hasJetStream(connection));
      const details = { version, jetstream: isOn };
      if (isOn) return { ok: true, message: `NATS ${version} lets us in, and JetStream is on.`, details };
      const message = `NATS ${version} lets us in, but has JetStream off, here or for this account: turn it on.`;
      return { ok: false, message, details };
    } finally {
      await connection.close();
    }
  } catch (error) {
    const { code, message } = natsError(error, config);
    return { ok: false, message, details: { code } };
  }
}

/** Who may publish, and not ask, has it. */
async function hasJetStream(connection: NatsConnection): Promise<boolean> {
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    await manager.getAccountInfo();
    return true;
  } catch (error) {
    return !isWithoutJetStream(error);
  }
}
