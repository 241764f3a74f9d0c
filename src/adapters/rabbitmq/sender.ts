/**
 * Publishes over one connection, and waits for the server to confirm. Each exchange has a channel of its own, since the
 * server closes a channel for one message that it refuses, with all that are on their way there.
 */
import type { ConfirmChannel } from 'amqplib';
import type { ExchangeDeclaration } from '../../core/brokers/exchange.ts';
import type { RabbitmqConfig } from '../../core/connections/types/rabbitmq.ts';
import { MyelinError } from '../../core/errors.ts';
import type { OutgoingMessage, Receipt, Sender } from '../../ports/brokers.ts';
import type { Client, Dial } from './client.ts';
import { declareExchange } from './declare.ts';
import { delayQueue } from './delay-queue.ts';
import { rabbitmqError } from './trouble.ts';

/** Of a publish node, with its defaults; durations in milliseconds. */
interface Target {
  readonly exchange: string;
  readonly routingKey: string;
  readonly priority?: number;
  readonly expiration?: number;
  readonly delay?: number;
  readonly persistent: boolean;
  readonly mandatory: boolean;
  readonly declare?: ExchangeDeclaration;
}

interface Line {
  readonly channel: ConfirmChannel;
  /** Ids of messages that no queue gets; the server says so before it confirms them. */
  readonly returned: Set<string>;
  /** What the server closed it for. */
  broken: unknown;
}

/** One that has talked to so many exchanges makes room for another. */
const MOST_LINES = 200;

export function senderOf(dial: Dial, config: RabbitmqConfig): Sender {
  const over = new AbortController();
  const lines = new Map<string, Promise<Line>>();
  let client: Promise<Client> | undefined;
  let isBroken = false;
  /** The server takes nothing for want of memory or disk. */
  const blocked = new AbortController();

  const connected = () => {
    client ??= dial(config, over.signal).then(
      (one) => {
        void one.ended.then(() => {
          isBroken = true;
        });
        one.model.on('blocked', () => {
          isBroken = true;
          const words = 'The server takes no messages for now: it is short of memory or disk.';
          blocked.abort(new MyelinError('connection_failed', words));
        });
        return one;
      },
      (error) => {
        isBroken = true;
        throw error;
      },
    );
    return client;
  };

  const lineTo = ({ exchange, declare }: Target): Promise<Line> => {
    const key = JSON.stringify([exchange, declare]);
    const known = lines.get(key);
    if (known !== undefined) return known;
    const gone = () => {
      if (lines.get(key) === fresh) lines.delete(key);
    };
    const fresh = connected().then((one) => openLine(one, exchange, declare, gone));
    fresh.catch(gone);
    lines.set(key, fresh);
    return fresh;
  };

  const send = async (message: OutgoingMessage): Promise<Receipt> => {
    const target = message.to as unknown as Target;
    try {
      return await publish(await lineTo(target), message, target);
    } catch (error) {
      throw rabbitmqError(error, { config, what: nameOf(target) });
    }
  };

  return {
    send: (messages, signal) => orAborted(Promise.all(messages.map(send)), [signal, blocked.signal]),
    get isBroken() {
      return isBroken || lines.size > MOST_LINES;
    },
    close: async () => {
      over.abort(new MyelinError('interrupted', 'The connection is closed.'));
      const one = await client?.catch(() => undefined);
      await one?.close();
    },
  };
}

const nameOf = ({ exchange, routingKey }: Target): string =>
  exchange === '' ? `the queue ${routingKey}` : `the exchange ${exchange}`;

async function openLine(
  { model }: Client,
  exchange: string,
  declare: ExchangeDeclaration | undefined,
  gone: () => void,
): Promise<Line> {
  const channel = await model.createConfirmChannel();
  const line: Line = { channel, returned: new Set(), broken: undefined };
  channel.on('error', (error) => {
    line.broken ??= error;
  });
  channel.on('close', gone);
  channel.on('return', ({ properties }) => line.returned.add(String(properties.messageId)));
  if (declare !== undefined) await declareExchange(channel, exchange, declare);
  return line;
}

async function publish(line: Line, message: OutgoingMessage, target: Target): Promise<Receipt> {
  const { value, id } = message;
  const { 'content-type': contentType, ...headers } = message.headers ?? {};
  const { exchange, routingKey, priority, expiration, delay, persistent, mandatory } = target;
  const { channel, returned } = line;
  const delayed = delay === undefined ? undefined : await delayQueue(channel, target, delay);
  const options = {
    ...{ persistent, mandatory, headers, messageId: id, appId: 'myelin' },
    timestamp: Math.floor(Date.now() / 1_000),
    ...(contentType !== undefined && { contentType }),
    ...(priority !== undefined && { priority }),
    ...(expiration !== undefined && { expiration }),
  };
  await new Promise<void>((resolve, reject) => {
    const confirmed = (error: unknown) => {
      if (error === null) resolve();
      else reject(line.broken ?? error);
    };
    const [to, key] = delayed === undefined ? [exchange, routingKey] : ['', delayed];
    channel.publish(to, key, Buffer.from(value ?? []), options, confirmed);
  });
  if (returned.delete(id)) {
    const way =
      exchange === '' ? `There is no queue ${routingKey}` : `No queue gets what ${exchange} is sent as "${routingKey}"`;
    throw new MyelinError('broker_refused', `${way}: the message was not taken.`);
  }
  return { exchange, routingKey, messageId: id };
}

/** The library knows no signals: what it does then ends by itself, and nobody waits for it. */
function orAborted<T>(work: Promise<T>, signals: readonly AbortSignal[]): Promise<T> {
  const signal = AbortSignal.any([...signals]);
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
