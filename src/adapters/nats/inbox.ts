/**
 * Messages that have come and are not acknowledged. They are asked for by the batch, in number and in bytes, the next
 * while one is taken. By hand: what is on its way when the library stops to ask is lost for it, and comes again only
 * when its time is over.
 */
import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { LARGEST_READ } from '../../core/brokers/received.ts';
import { MyelinError } from '../../core/errors.ts';
import { type Delivered, toDelivered } from './delivered.ts';

export interface Inbox {
  /** Whatever has come, at least one message; null when the signal has ended it. Rejects where the consumer breaks. */
  next(): Promise<Delivered[] | null>;
  /** The batch that was given last is acknowledged. */
  done(): void;
  /** Of all that are in hand. */
  each(act: (message: Delivered) => void): void;
  /** Resolves when nothing comes any more. */
  close(): Promise<void>;
}

export interface Place {
  readonly stream: string;
  readonly consumer: string;
}

/** How long the server keeps a request for messages, and how often it says that it does. */
const WAIT_MS = 30_000;
const HEARTBEAT_MS = 5_000;
const NS_PER_MS = 1_000_000;

export function inboxOf(
  connection: NatsConnection,
  { stream, consumer }: Place,
  limit: number,
  signal: AbortSignal,
): Inbox {
  const address = createInbox();
  const patience = { expires: WAIT_MS * NS_PER_MS, idle_heartbeat: HEARTBEAT_MS * NS_PER_MS };
  const many = JSON.stringify({ batch: limit, max_bytes: LARGEST_READ, ...patience });
  /** However large it is. */
  const one = JSON.stringify({ batch: 1, ...patience });
  const waiting: Delivered[] = [];
  let given: Delivered[] = [];
  /** Messages of the last request that have not come. */
  let missing = 0;
  /** The next message alone is larger than what is asked for at once. */
  let isLarge = false;
  let heardAt = 0;
  let broken: unknown;
  let isOver = false;
  let wake = () => {};

  function fail(error: unknown): void {
    broken ??= error;
    wake();
  }

  function ask(): void {
    if (isOver || signal.aborted || broken !== undefined || missing > 0 || waiting.length >= limit) return;
    if (waiting.reduce((sum, { message }) => sum + message.data.length, 0) >= LARGEST_READ) return;
    missing = isLarge ? 1 : limit;
    heardAt = performance.now();
    const request = isLarge ? one : many;
    connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, request, { reply: address });
  }

  function heard(error: Error | null, message: Msg): void {
    if (error !== null) return fail(error);
    heardAt = performance.now();
    const code = message.subject === address ? (message.headers?.code ?? 0) : undefined;
    if (code === HEARTBEAT) return;
    const why = message.headers?.description ?? '';
    const isFull = code === CONFLICT && /exceeds maxbytes/i.test(why);
    if (code !== undefined && !OVER.has(code) && !isFull) return fail(refusal(code, why));
    if (code === undefined) {
      waiting.push(toDelivered(message));
      missing -= 1;
      isLarge = false;
    } else {
      isLarge = isFull && missing === limit;
      missing = 0;
    }
    ask();
    wake();
  }

  const silent = setInterval(() => {
    if (missing === 0 || performance.now() - heardAt < 2 * HEARTBEAT_MS) return;
    fail(Object.assign(new Error('The consumer is silent.'), { code: 'ETIMEDOUT' }));
  }, HEARTBEAT_MS);
  const abort = () => wake();
  signal.addEventListener('abort', abort);
  const subscription = connection.subscribe(address, { callback: heard });
  const closed = connection.closed().then((error) => {
    fail(error ?? Object.assign(new Error('The connection has ended.'), { code: 'ECONNRESET' }));
  });
  ask();

  return {
    next: async () => {
      for (;;) {
        if (signal.aborted) return null;
        given = waiting.splice(0, limit);
        ask();
        if (given.length > 0) return given;
        if (broken !== undefined) throw broken;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    done: () => {
      given = [];
    },
    each: (act) => {
      for (const one of [...given, ...waiting]) act(one);
    },
    close: async () => {
      isOver = true;
      clearInterval(silent);
      signal.removeEventListener('abort', abort);
      if (!connection.isClosed()) await Promise.race([subscription.drain(), closed]);
    },
  };
}

const HEARTBEAT = 100;
const CONFLICT = 409;
/** Nothing was there in time. */
const OVER: ReadonlySet<number> = new Set([404, 408]);

/** What else the server says in the place of messages passes by itself, or is told when the consumer is looked up again. */
function refusal(code: number, description: string): MyelinError {
  const why = /consumer deleted/i.test(description) ? 'was removed; it is made anew' : `gives nothing (${code})`;
  return new MyelinError('connection_failed', `The consumer ${why}.`);
}
