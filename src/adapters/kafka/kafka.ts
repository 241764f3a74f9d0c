/** Kafka, by `@platformatic/kafka`. */
import { Admin } from '@platformatic/kafka';
import type { KafkaConfig } from '../../core/connections/types/kafka.ts';
import type { Broker } from '../../ports/brokers.ts';
import type { TestResult } from '../../ports/connections.ts';
import type { Egress } from '../../ports/egress.ts';
import { consume } from './consume.ts';
import { Dialer } from './dialer.ts';
import { clientOptions } from './options.ts';
import { Sender } from './sender.ts';
import { brokerError } from './trouble.ts';

export function kafkaBroker(egress: Pick<Egress, 'resolve'>): Broker {
  const dialer = new Dialer(egress);
  return {
    type: 'kafka',
    consume: async (subscription, signal) => {
      const { connection, group, config } = subscription;
      const about = { config: connection.config as KafkaConfig, group, topic: String(config.topic) };
      try {
        await consume(dialer, subscription, signal);
      } catch (error) {
        if (!signal.aborted) throw brokerError(error, about);
      }
    },
    keepsOrder: true,
    sender: (connection) => {
      const config = connection.config as KafkaConfig;
      const sender = new Sender(dialer, config);
      return {
        send: async (messages, signal) => {
          const topic = String(messages[0]?.to.topic);
          try {
            return await orAborted(Promise.all(messages.map((one) => sender.send(one))), signal);
          } catch (error) {
            throw brokerError(error, { config, topic });
          }
        },
        get isBroken() {
          return sender.isBroken;
        },
        close: () => sender.close(),
      };
    },
    test: (config, signal) => tryIt(dialer, config as KafkaConfig, signal),
    close: async () => dialer.close(),
  };
}

async function tryIt(dialer: Dialer, config: KafkaConfig, signal: AbortSignal): Promise<TestResult> {
  const admin = new Admin(clientOptions(dialer, config));
  try {
    const { brokers, id } = await orAborted(admin.metadata({ topics: [] }), signal);
    const who = config.sasl === 'none' ? 'takes us without a sign-in' : `lets ${config.user} in`;
    const many = brokers.size === 1 ? 'one broker' : `${brokers.size} brokers`;
    return { ok: true, message: `The cluster of ${many} ${who}.`, details: { cluster: id, brokers: brokers.size } };
  } catch (error) {
    const { code, message } = brokerError(error, { config });
    return { ok: false, message, details: { code } };
  } finally {
    await admin.close().catch(() => undefined);
  }
}

/** The library knows no signals: what it does then ends by its time-outs, and nobody waits for it. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined);
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
