/**
 * Messages on their way out: written together with what they tell of, and removed when whoever listens has them. So a
 * message leaves only after its commit, and then at least once. Another process may be stopped in between.
 */
import type { CloudEvent } from '../core/cloud-event.ts';
import type { ErrorInfo } from '../core/errors.ts';
import type { NewLetter } from './dead-letters.ts';

export interface OutboxStore {
  /**
   * Writes messages in one transaction, in the order given. One whose source and id the project has seen, and that
   * has not expired, is left out: the number written.
   */
  add(messages: readonly NewMessage[]): Promise<number>;
  /**
   * Hands the oldest messages, in the order they were written, to `deliver`, and writes down what became of them. One
   * process at a time: null where another is at it. Messages of a project and key never overtake one another, nor one
   * that was put off. `now` in milliseconds since the epoch decides whose time has come. Resolves with the number
   * handed over.
   */
  relay(
    now: number,
    limit: number,
    deliver: (messages: readonly OutboxMessage[]) => Promise<Relayed>,
  ): Promise<number | null>;
  /**
   * Dead letters of messages that never were in here, and the messages that tell of them, in one transaction. Of a
   * letter that is there already nothing is written. The number of letters written.
   */
  setAside(left: readonly LeftMessage[]): Promise<number>;
  /** How long the oldest message has waited, in milliseconds; 0 where none waits. */
  lag(): Promise<number>;
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

export interface OutboxMessage {
  /** Its place in the outbox: grows with the order of writing. */
  readonly id: number;
  readonly projectId: string;
  readonly event: CloudEvent;
  /** Deliveries that failed. */
  readonly attempts: number;
}

/** What became of messages; those not named stay as they are. */
export interface Relayed {
  /** Places of those that have arrived, or were set aside. */
  readonly done: readonly number[];
  readonly putOff: readonly PutOff[];
  /** Written in the transaction that removes what is done: dead letters, each id once, and the messages that tell of them. */
  readonly letters?: readonly NewLetter[];
  readonly messages?: readonly NewMessage[];
}

export interface PutOff {
  readonly id: number;
  readonly error: ErrorInfo;
  /** Milliseconds since the epoch. */
  readonly until: number;
}
