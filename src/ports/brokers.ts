/** Message brokers: who listens takes batches of messages, who publishes gives them. One adapter for each type. */
import type { Received } from '../core/brokers/received.ts';
import type { Fields } from '../core/connections/parts.ts';
import type { Places } from './broker-places.ts';
import type { OpenConnection, TestResult } from './connections.ts';

export interface Broker {
  /** That of its connections and of its triggers: kafka, rabbitmq, redis, nats or table. */
  readonly type: string;
  /** Type of its connections, where that is another. */
  readonly connectionType?: string;
  /**
   * Takes messages until the signal ends it, and then resolves with everything closed. Rejects with what broke it, in
   * words that a person can act on (`connection_failed`, `broker_refused`, `egress_denied`): whoever called tries
   * again after a while, so nothing has to be reconnected in here.
   *
   * It reads a batch and awaits `take`: when that resolves, everything of the batch is durable, and only then it is
   * acknowledged. `take` waits as long as the store is away; it rejects only where the signal has ended it, and then
   * nothing of the batch is acknowledged. Messages of one key, and of one partition, are given in their order.
   */
  consume(subscription: Subscription, signal: AbortSignal): Promise<void>;
  /** To publish by; nothing is dialed before the first message. Whoever asked keeps it, and closes it. */
  sender(connection: BrokerConnection): Sender;
  /** As `ConnectionTester.test`, for connections of its type. */
  test(config: Fields, signal: AbortSignal): Promise<TestResult>;
  /** Of messages with one key that are sent together, none is taken after one that was not. Absent: each fails by itself. */
  readonly keepsOrder?: true;
  /** Nobody uses it any more. */
  close(): Promise<void>;
}

export interface Sender {
  /** Resolves when the broker has all of them. Throws as `consume` does; what becomes of it after an abort is not known. */
  send(messages: readonly OutgoingMessage[], signal: AbortSignal): Promise<Receipt[]>;
  /** It cannot send any more, and another is to be taken. */
  readonly isBroken: boolean;
  close(): Promise<void>;
}

/** What is opened once serves until `updatedAt` is another. `config` holds the secrets too. */
export type BrokerConnection = Pick<OpenConnection, 'id' | 'updatedAt' | 'config'>;

/** By type. */
export type Brokers = ReadonlyMap<string, Broker>;

/** What publish nodes see of the brokers. */
export interface Publishers {
  /** By a sender of this connection, of a broker of that type. Throws as `Sender.send`. */
  publish(
    type: string,
    connection: BrokerConnection,
    messages: readonly OutgoingMessage[],
    signal: AbortSignal,
  ): Promise<Receipt[]>;
}

export interface Subscription {
  readonly connection: BrokerConnection;
  /** Of the trigger; it has passed the schema of its type. */
  readonly config: Fields;
  /** The name by which consumers share the messages, in the config or made of workflow and trigger. */
  readonly group: string;
  /** Largest batch. */
  readonly batch: number;
  take(messages: readonly ReceivedMessage[]): Promise<void>;
  /**
   * The two halves of `take`, for a broker that holds locks of others while it takes: `ready` waits as long as there is
   * no room, or the store is away, and resolves also when the signal ends it; `takeNow` waits for neither, and rejects
   * with `store_unavailable`.
   */
  ready(): Promise<void>;
  takeNow(messages: readonly ReceivedMessage[]): Promise<void>;
  /** How far the group has come, as `remember` was told: for a broker that may forget it. */
  remembered(): Promise<Places>;
  remember(places: Places): Promise<void>;
  /** It is connected and would get messages. */
  listening(): void;
  /** Messages that wait at the broker, where it tells. */
  lag(messages: number): void;
}

export interface ReceivedMessage extends Received {
  /**
   * Tells it from every other message that a trigger could ever get from a broker of this type, and is the same when
   * it comes again, such as `topic id/partition/offset`: what has the id of an earlier one starts nothing.
   */
  readonly id: string;
  /**
   * Called where it cannot be taken, in the place of a dead letter: when it resolves, the broker will give the message
   * once more, later. Undefined: it has no more tries.
   */
  readonly again?: (() => Promise<void>) | undefined;
}

/** What a publish node sends; `to` says where, in fields of the node's config, such as `topic`. */
export interface OutgoingMessage {
  readonly to: Fields;
  readonly value: Uint8Array | null;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The same for every attempt: a broker that knows it drops what it has. */
  readonly id: string;
}

/** JSON: where the broker has put it, such as `{ topic, partition, offset }`; the output of the node. */
export type Receipt = Fields;
