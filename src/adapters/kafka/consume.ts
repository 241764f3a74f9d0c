/** One member of a consumer group: batches are taken, and their offsets committed after that. */
import { Consumer, type Message, type MessagesStream } from '@platformatic/kafka';
import { LARGEST_READ } from '../../core/brokers/received.ts';
import type { KafkaConfig } from '../../core/connections/types/kafka.ts';
import type { Subscription } from '../../ports/brokers.ts';
import type { Dialer } from './dialer.ts';
import { clientOptions } from './options.ts';
import { toReceived } from './received.ts';
import { shareOut } from './share-out.ts';
import { type Source, writeStartOffsets } from './start-offsets.ts';

type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;
type Received = Message<Buffer, Buffer, Buffer, Buffer>;

/** A member that is silent for so long loses its partitions to the others. */
const SESSION_MS = 10_000;
/** How long members have to come back when the group shares out anew. */
const REBALANCE_MS = 15_000;
const LAG_EVERY_MS = 5_000;

/** Throws what the library throws. */
export async function consume(dialer: Dialer, subscription: Subscription, signal: AbortSignal): Promise<void> {
  const { connection, group } = subscription;
  const source = subscription.config as unknown as Source;
  const options = clientOptions(dialer, connection.config as KafkaConfig);
  await writeStartOffsets(options, group, source, subscription);
  if (signal.aborted) return;
  const consumer = new Consumer({
    ...options,
    groupId: group,
    autocommit: false,
    sessionTimeout: SESSION_MS,
    rebalanceTimeout: REBALANCE_MS,
    heartbeatInterval: SESSION_MS / 4,
    partitionAssigner: shareOut,
    // Waits at the broker for what comes.
    maxWaitTime: 1_000,
    // It asks for more when all that came is read, so no more than two answers are in memory.
    ...{ maxBytes: LARGEST_READ, highWaterMark: 1 },
  });
  try {
    const stream = await consumer.consume({ topics: [source.topic], mode: 'committed', fallbackMode: 'earliest' });
    await read(consumer, stream, subscription, source.topic, signal);
  } finally {
    await Promise.resolve(consumer.close(true)).catch(() => undefined);
  }
}

async function read(
  consumer: Consumer<Buffer, Buffer, Buffer, Buffer>,
  stream: Stream,
  subscription: Subscription,
  topic: string,
  signal: AbortSignal,
): Promise<void> {
  const topicId = (await consumer.metadata({ topics: [topic] })).topics.get(topic)?.id ?? '';
  subscription.listening();
  const lag = setInterval(() => void tellLag(consumer, topic, subscription), LAG_EVERY_MS);
  const reader = readerOf(stream, signal);
  try {
    for (let batch = await reader.next(subscription.batch); batch !== null; ) {
      await subscription.take(batch.map((one) => toReceived(one, topicId)));
      const places = Object.fromEntries(
        batch.map(({ partition, offset }) => [`${topicId}/${partition}`, Number(offset) + 1]),
      );
      await Promise.all([commit(consumer, stream, batch), subscription.remember(places)]);
      batch = await reader.next(subscription.batch);
    }
  } catch (error) {
    // What was not taken comes again, to whoever has its partition then.
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(lag);
    reader.close();
  }
}

async function commit(
  consumer: Consumer<Buffer, Buffer, Buffer, Buffer>,
  stream: Stream,
  batch: readonly Received[],
): Promise<void> {
  const last = new Map(batch.map((one) => [one.partition, one]));
  const offsets = [...last.values()].map(({ topic, partition, offset }) => ({
    ...{ topic, partition, offset: offset + 1n },
    // Unknown.
    leaderEpoch: -1,
  }));
  await consumer.commit({ offsets });
  // By these the library reckons the lag.
  for (const { topic, partition, offset } of offsets) stream.offsetsCommitted.set(`${topic}:${partition}`, offset);
}

async function tellLag(
  consumer: Consumer<Buffer, Buffer, Buffer, Buffer>,
  topic: string,
  subscription: Subscription,
): Promise<void> {
  const lags = await consumer.getLag({ topics: [topic] }).catch(() => undefined);
  // Partitions of others are below zero.
  const own = lags?.get(topic)?.filter((one) => one >= 0n) ?? [];
  if (own.length > 0) subscription.lag(Number(own.reduce((sum, one) => sum + one, 0n)));
}

/** Whatever has come, at least one message; null when the signal has ended it. Rejects where the stream breaks. */
function readerOf(stream: Stream, signal: AbortSignal) {
  let wake = () => {};
  let broken: Error | undefined;
  const news = () => wake();
  const fail = (error: Error) => {
    broken = error;
    wake();
  };
  const end = () => fail(Object.assign(new Error('The stream of messages has ended.'), { code: 'ECONNRESET' }));
  stream.on('readable', news);
  stream.on('error', fail);
  stream.on('end', end);
  stream.on('close', end);
  signal.addEventListener('abort', news);

  async function next(limit: number): Promise<Received[] | null> {
    for (;;) {
      if (signal.aborted) return null;
      if (broken !== undefined) throw broken;
      const heard = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const batch: Received[] = [];
      for (let one = stream.read(); one !== null; one = batch.length < limit ? stream.read() : null) batch.push(one);
      if (batch.length > 0) return batch;
      await heard;
    }
  }
  // Errors that come later are of a consumer that is being closed.
  return { next, close: () => signal.removeEventListener('abort', news) };
}
