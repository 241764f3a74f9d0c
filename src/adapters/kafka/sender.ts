/**
 * One idempotent producer. The library takes the next sequence only when the broker has answered, so two sends at the
 * same time have the same one, and the broker drops the second as a repetition of the first: one send is on its way at a
 * time, and what comes meanwhile goes together with the next.
 */
import { compatibilityPartitioner, ProduceAcks, Producer } from '@platformatic/kafka';
import type { KafkaConfig } from '../../core/connections/types/kafka.ts';
import type { OutgoingMessage, Receipt } from '../../ports/brokers.ts';
import type { Dialer } from './dialer.ts';
import { clientOptions } from './options.ts';

interface Waiting {
  readonly topic: string;
  readonly message: OutgoingMessage;
  /** Bytes. */
  readonly size: number;
  readonly done: (receipt: Receipt) => void;
  readonly failed: (error: unknown) => void;
}

/** Of one send: brokers refuse a batch by its size, and then all of it. What is larger goes alone. */
const MAX_BYTES = 256 * 1024;
const MAX_MESSAGES = 500;

export class Sender {
  readonly #producer: Producer<Buffer, Buffer, Buffer, Buffer>;
  readonly #waiting: Waiting[] = [];
  /** Partition of the next message without a key. */
  #turn = 0;
  #sending = false;
  #broken: unknown;

  constructor(dialer: Dialer, config: KafkaConfig) {
    this.#producer = new Producer({ ...clientOptions(dialer, config), idempotent: true, acks: ProduceAcks.ALL });
  }

  /** After an error nobody knows its sequence: it is of no use any more. */
  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  /** Throws what the library throws. */
  send(message: OutgoingMessage): Promise<Receipt> {
    return new Promise((done, failed) => {
      const { to, value, key = '' } = message;
      const size = (value?.length ?? 0) + key.length;
      this.#waiting.push({ topic: String(to.topic), message, size, done, failed });
      void this.#run();
    });
  }

  async close(): Promise<void> {
    try {
      await this.#producer.close(true);
    } catch {
      // The broker may be gone by then.
    }
  }

  async #run(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    while (this.#waiting.length > 0) {
      const batch = this.#next();
      try {
        if (this.#broken !== undefined) throw this.#broken;
        const receipts = await this.#sendAll(batch);
        for (const [at, { done }] of batch.entries()) done(receipts[at] as Receipt);
      } catch (error) {
        this.#broken ??= error;
        for (const { failed } of batch) failed(error);
      }
    }
    this.#sending = false;
  }

  /** Those of one topic, so that one that is not there is nobody else's trouble. */
  #next(): Waiting[] {
    const [first] = this.#waiting;
    let size = 0;
    const end = this.#waiting.findIndex((one, at) => {
      size += one.size;
      return at > 0 && (at >= MAX_MESSAGES || size > MAX_BYTES || one.topic !== first?.topic);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #sendAll(batch: readonly Waiting[]): Promise<Receipt[]> {
    const { topic } = batch[0] as Waiting;
    const metadata = await this.#producer.metadata({ topics: [topic] });
    const count = metadata.topics.get(topic)?.partitionsCount ?? 1;
    const messages = batch.map(({ message }) => this.#toProduce(topic, message, count));
    const { offsets = [] } = await this.#producer.send({ messages });
    // Each partition has the offset of its first.
    const next = new Map(offsets.map(({ partition, offset }) => [partition, offset]));
    return messages.map(({ partition }) => {
      const offset = next.get(partition);
      if (offset === undefined) return { topic, partition, offset: null };
      next.set(partition, offset + 1n);
      return { topic, partition, offset: Number(offset) };
    });
  }

  #toProduce(topic: string, { value, key, headers = {} }: OutgoingMessage, count: number) {
    const bytes = key === undefined ? undefined : Buffer.from(key);
    // As the clients of Kafka itself do: others that write the same key must find the same partition.
    const place = bytes === undefined ? this.#turn++ : compatibilityPartitioner({ topic }, bytes);
    return {
      topic,
      partition: place % count,
      ...(value !== null && { value: Buffer.from(value) }),
      ...(bytes !== undefined && { key: bytes }),
      headers: new Map(Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
    };
  }
}
