/** A broker in memory: one topic, a log that a group reads from where it has acknowledged. For tests of the engine. */
import type { MyelinError } from '../core/errors.ts';
import type { Broker, OutgoingMessage, ReceivedMessage, Subscription } from '../ports/brokers.ts';

export interface MemoryBroker extends Broker {
  readonly sent: OutgoingMessage[];
  /** Connections of the senders that are open. */
  readonly open: readonly string[];
  send(...values: readonly (string | Uint8Array | null)[]): void;
  /** What every consumer is told from now on; undefined: all is well. */
  breakWith(error: MyelinError | undefined): void;
  /** Messages that were acknowledged. */
  readonly acknowledged: number;
  /** Subscriptions that listen. */
  readonly consumers: readonly Subscription[];
}

export function memoryBroker(type = 'kafka'): MemoryBroker {
  const log: ReceivedMessage[] = [];
  const sent: OutgoingMessage[] = [];
  const open: string[] = [];
  const consumers = new Set<Subscription>();
  let waiting = new Set<() => void>();
  let broken: MyelinError | undefined;
  let acknowledged = 0;
  const wake = () => {
    const all = waiting;
    waiting = new Set();
    for (const one of all) one();
  };
  const news = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      waiting.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });

  async function consume(subscription: Subscription, signal: AbortSignal): Promise<void> {
    if (broken !== undefined) throw broken;
    consumers.add(subscription);
    subscription.listening();
    try {
      while (!signal.aborted) {
        if (broken !== undefined) throw broken;
        const batch = log.slice(acknowledged, acknowledged + subscription.batch);
        if (batch.length === 0) await news(signal);
        else {
          await subscription.take(batch);
          acknowledged += batch.length;
        }
        subscription.lag(log.length - acknowledged);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      consumers.delete(subscription);
    }
  }

  return {
    type,
    sent,
    open,
    consume,
    sender: (connection) => {
      let sendingBroke = false;
      open.push(connection.id);
      return {
        send: async (messages) => {
          if (broken !== undefined) {
            sendingBroke = true;
            throw broken;
          }
          sent.push(...messages);
          return messages.map(({ to }, index) => ({ ...to, offset: sent.length - messages.length + index }));
        },
        get isBroken() {
          return sendingBroke;
        },
        close: async () => void open.splice(open.indexOf(connection.id), 1),
      };
    },
    test: async () => ({ ok: broken === undefined, message: broken?.message ?? 'It is there.', details: {} }),
    close: async () => undefined,
    send: (...values) => {
      for (const value of values) {
        const offset = log.length;
        const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
        log.push({ id: `log/${offset}`, value: bytes, place: { topic: 'log', offset } });
      }
      wake();
    },
    breakWith: (error) => {
      broken = error;
      wake();
    },
    get acknowledged() {
      return acknowledged;
    },
    get consumers() {
      return [...consumers];
    },
  };
}
