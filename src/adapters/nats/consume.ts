/**
 * One member of a durable consumer. Messages are acknowledged when they are taken; those in hand are said to be at work as
 * long as that takes, and what a process that died had in hand comes again soon.
 */
import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  type JetStreamManager,
  jetstreamManager,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { MyelinError } from '../../core/errors.ts';
import type { ReceivedMessage, Subscription } from '../../ports/brokers.ts';
import { flushed } from './client.ts';
import type { Delivered } from './delivered.ts';
import { type Inbox, inboxOf } from './inbox.ts';
import { isNotFound } from './trouble.ts';

/** What of a trigger's config it reads by. */
interface Source {
  readonly subject: string;
  readonly stream?: string;
  readonly from?: 'earliest' | 'latest';
  readonly fromSequence?: number;
}

interface Stream {
  readonly name: string;
  /** One that is deleted and made anew is another. */
  readonly created: string;
}

/** Messages of a member that was not heard of for so long come again. */
const ACK_WAIT_MS = 15_000;
/** Messages that all members have in hand. */
const MOST_PENDING = 20_000;
const LAG_EVERY_MS = 5_000;
const NS_PER_MS = 1_000_000;

/** Resolves when the signal ends it. Throws what the library throws, and `broker_refused`. */
export async function consume(connection: NatsConnection, subscription: Subscription, signal: AbortSignal) {
  const source = subscription.config as unknown as Source;
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const stream = await streamOf(manager, source);
  const { num_pending: lagging } = await consumerOf(manager, stream.name, subscription.group, source);
  subscription.listening();
  subscription.lag(lagging);
  const place = { stream: stream.name, consumer: subscription.group };
  const tellLag = async () => {
    const { num_pending } = await manager.consumers.info(place.stream, place.consumer);
    subscription.lag(num_pending);
  };
  const inbox = inboxOf(connection, place, subscription.batch, signal);
  // Where it fails, the connection is broken, and whoever reads hears of that.
  const lag = setInterval(() => void tellLag().catch(() => undefined), LAG_EVERY_MS);
  const working = setInterval(() => inbox.each((one) => one.answer('+WPI')), ACK_WAIT_MS / 3);
  try {
    await read(connection, inbox, stream, subscription);
  } finally {
    clearInterval(lag);
    clearInterval(working);
    await inbox.close();
    await giveBack(connection, inbox);
  }
}

async function read(connection: NatsConnection, inbox: Inbox, stream: Stream, subscription: Subscription) {
  for (let batch = await inbox.next(); batch !== null; batch = await inbox.next()) {
    await subscription.take(batch.map((one) => toReceived(stream, one)));
    for (const one of batch) one.answer('+ACK');
    inbox.done();
    await flushed(connection);
  }
}

/** Others get at once what was not taken. */
async function giveBack(connection: NatsConnection, inbox: Inbox): Promise<void> {
  if (connection.isClosed()) return;
  inbox.each((one) => one.answer('-NAK'));
  await flushed(connection).catch(() => undefined);
}

async function streamOf(manager: JetStreamManager, { subject, stream }: Source): Promise<Stream> {
  const names = stream === undefined ? await manager.streams.names(subject).next() : [stream];
  const [name] = names;
  if (name === undefined) {
    throw new MyelinError('broker_refused', `No stream takes the subject ${subject}: make one, or check the subject.`);
  }
  if (names.length > 1) {
    const some = names.slice(0, 5).join(', ');
    throw new MyelinError('broker_refused', `Several streams take the subject ${subject}: name one of them (${some}).`);
  }
  const { created } = await manager.streams.info(name);
  return { name, created: String(created) };
}

/** Where it begins is written down by the server when it is made, and stays. */
async function consumerOf(
  manager: JetStreamManager,
  stream: string,
  group: string,
  source: Source,
): Promise<ConsumerInfo> {
  const settings = {
    filter_subject: source.subject,
    ack_wait: ACK_WAIT_MS * NS_PER_MS,
    max_ack_pending: MOST_PENDING,
  };
  const known = await manager.consumers.info(stream, group).catch((error) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (known === undefined) {
    const config = { ...settings, ...beginning(source), durable_name: group, ack_policy: AckPolicy.Explicit };
    return await manager.consumers.add(stream, config);
  }
  const { config } = known;
  if (config.deliver_subject !== undefined || config.ack_policy !== AckPolicy.Explicit) {
    const why = `The consumer ${group} of the stream ${stream} was made for something else`;
    throw new MyelinError('broker_refused', `${why}: choose another \`group\`, or delete it.`);
  }
  const isSame = Object.entries(settings).every(([name, value]) => config[name as keyof ConsumerConfig] === value);
  return isSame ? known : await manager.consumers.update(stream, group, settings);
}

function beginning({ from = 'latest', fromSequence }: Source): Partial<ConsumerConfig> {
  if (fromSequence !== undefined) return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: fromSequence };
  return { deliver_policy: from === 'earliest' ? DeliverPolicy.All : DeliverPolicy.New };
}

function toReceived({ name, created }: Stream, { message, sequence, time }: Delivered): ReceivedMessage {
  const { subject, data, headers } = message;
  const pairs = headers === undefined ? [] : [...headers].map(([key, values]) => [key, values.join(', ')] as const);
  return {
    id: `${name}/${created}/${sequence}`,
    // NATS does not tell an empty message from none.
    value: data.length === 0 ? null : data,
    headers: Object.fromEntries(pairs),
    timestamp: time,
    place: { subject, stream: name, sequence },
  };
}
