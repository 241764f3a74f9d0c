/** A message of a consumer: where it stands is in the address of its answer, and what becomes of it is answered there. */
import type { Msg } from '@nats-io/transport-node';

export interface Delivered {
  readonly message: Msg;
  /** In the stream. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  answer(what: '+ACK' | '-NAK' | '+WPI'): void;
}

const NS_PER_MS = 1_000_000;

/**
 * `$JS.ACK.STREAM.CONSUMER.DELIVERIES.SEQUENCE.DELIVERY.TIME.PENDING`; newer servers have domain and account before the
 * stream, and may have more at the end.
 */
export function toDelivered(message: Msg): Delivered {
  const words = (message.reply ?? '').split('.');
  const at = words.length === 9 ? 5 : 7;
  return {
    message,
    sequence: Number(words[at]),
    time: Math.floor(Number(words[at + 2]) / NS_PER_MS),
    answer: (what) => void message.respond(what),
  };
}
