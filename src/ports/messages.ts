/**
 * The log of messages: a message is written together with what it tells of, so it leaves only after its commit, and
 * then at least once. It stays in the log for as long as messages are kept, for whoever wants to read it again.
 */
import type { CloudEvent } from '../core/cloud-event.ts';
import type { ErrorInfo } from '../core/errors.ts';
import type { NewLetter } from './dead-letters.ts';

export interface MessageStore {
  /**
   * Writes messages in one transaction, in the order given. One whose source and id the project has seen, and that
   * has not expired, is left out: the number written.
   */
  add(messages: readonly NewMessage[]): Promise<number>;
  /**
   * Hands messages that were not delivered, in the order of the log, to `deliver`, and writes down what became of them.
   * Messages of a project and key never overtake one another, nor one that was put off, whatever number of processes
   * is at it: they share the log by lanes of keys. `now` in milliseconds since the epoch decides whose time has come.
   * Resolves with the number taken; null: there are some, but another process is at them, or they were written beside
   * a transaction that has not ended.
   */
  relay(
    now: number,
    limit: number,
    deliver: (messages: readonly LoggedMessage[]) => Promise<Relayed>,
  ): Promise<number | null>;
  /**
   * Dead letters of messages that never were in here, and the messages that tell of them, in one transaction. Of a
   * letter that is there already nothing is written. The number of letters written.
   */
  setAside(left: readonly LeftMessage[]): Promise<number>;
  /** How long the oldest message has waited for its delivery, in milliseconds; 0 where none waits. */
  lag(): Promise<number>;
  /** Newest first. */
  list(query: MessageQuery & { readonly before?: number }): Promise<MessageRow[]>;
  /** Oldest first, with what they say: to read the log again. */
  read(query: MessageQuery & { readonly after?: number }): Promise<LoggedMessage[]>;
  /** How many the filter finds; counts no further than `limit`. */
  count(filter: MessageFilter, limit?: number): Promise<number>;
  get(projectId: string, id: number): Promise<MessageRow | undefined>;
  /**
   * Forgets messages written before (ms since the epoch) that are delivered; a day at a time, so some stay up to a day
   * longer.
   */
  forget(before: number): Promise<void>;
}

/** Times in milliseconds since the epoch: of the writing, `from` included, `to` not. */
export interface MessageFilter {
  readonly projectId: string;
  /** A type, or a pattern. */
  readonly type?: string;
  readonly topic?: string;
  readonly key?: string;
  readonly from?: number;
  readonly to?: number;
}

export interface MessageQuery extends MessageFilter {
  readonly limit: number;
}

export interface MessageRow {
  readonly id: number;
  readonly projectId: string;
  readonly event: CloudEvent;
  readonly createdAt: number;
}

/** `event` is what everybody sees; the rest is how it is kept. */
export interface NewMessage {
  readonly projectId: string;
  readonly event: CloudEvent;
  /** Until then (ms since the epoch) a message of the same source and id is the same message; absent: never looked at. */
  readonly uniqueUntil?: number;
}

export interface LeftMessage {
  readonly letter: NewLetter;
  readonly messages: readonly NewMessage[];
}

export interface LoggedMessage {
  /** Its place in the messages: grows with the order of writing. */
  readonly id: number;
  readonly projectId: string;
  readonly event: CloudEvent;
  /** Deliveries that failed. */
  readonly attempts: number;
  /** Of the log, in which it is delivered; absent where it is only read. */
  readonly lane?: number;
}

/** What became of messages; those not named are handed over again, in their order. */
export interface Relayed {
  /** Places of those that have arrived, or were set aside. */
  readonly done: readonly number[];
  readonly putOff: readonly PutOff[];
  /** Written in the transaction that takes what is done out of delivery: dead letters, each id once, and the messages that tell of them. */
  readonly letters?: readonly NewLetter[];
  readonly messages?: readonly NewMessage[];
}

export interface PutOff {
  readonly id: number;
  readonly error: ErrorInfo;
  /** Milliseconds since the epoch. */
  readonly until: number;
}
