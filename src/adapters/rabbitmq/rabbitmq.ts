/** RabbitMQ, by `amqplib`. */
import type { RabbitmqConfig } from '../../core/connections/types/rabbitmq.ts';
import type { Broker, Subscription } from '../../ports/brokers.ts';
import type { TestResult } from '../../ports/connections.ts';
import type { Egress } from '../../ports/egress.ts';
import { type Client, type Dial, dialer } from './client.ts';
import { consume } from './consume.ts';
import { sourceName } from './declare.ts';
import { senderOf } from './sender.ts';
import { rabbitmqError } from './trouble.ts';

export function rabbitmqBroker(egress: Pick<Egress, 'resolve'>): Broker {
  const dial = dialer(egress);
  return {
    type: 'rabbitmq',
    consume: (subscription, signal) => listen(dial, subscription, signal),
    sender: (connection) => senderOf(dial, connection.config as RabbitmqConfig),
    test: (config, signal) => tryIt(dial, config as RabbitmqConfig, signal),
    close: async () => undefined,
  };
}

async function listen(dial: Dial, subscription: Subscription, signal: AbortSignal): Promise<void> {
  const config = subscription.connection.config as RabbitmqConfig;
  let client: Client | undefined;
  try {
    client = await dial(config, signal);
    await consume(client, subscription, signal);
  } catch (error) {
    const what = sourceName(subscription.config, subscription.group);
    if (!signal.aborted) throw rabbitmqError(error, { config, what });
  } finally {
    await client?.close();
  }
}

async function tryIt(dial: Dial, config: RabbitmqConfig, signal: AbortSignal): Promise<TestResult> {
  try {
    const client = await dial(config, signal);
    const { product, version } = client.model.connection.serverProperties;
    await client.close();
    const message = `${product} ${version} lets ${config.user} into the virtual host ${config.vhost}.`;
    return { ok: true, message, details: { product, version } };
  } catch (error) {
    const { code, message } = rabbitmqError(error, { config });
    return { ok: false, message, details: { code } };
  }
}
