/** What a publish node sends to NATS: acknowledged by the stream that takes its subject. */
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers as headersOf, type NatsConnection } from '@nats-io/transport-node';
import { MyelinError } from '../../core/errors.ts';
import type { OutgoingMessage, Receipt } from '../../ports/brokers.ts';
import { isUnanswered, isWithoutJetStream } from './trouble.ts';

const ANSWER_MS = 10_000;

/** A message whose id the stream knows (for two minutes, or as it is set up) is not added again. Throws what the library throws. */
export async function publish(connection: NatsConnection, message: OutgoingMessage): Promise<Receipt> {
  const { to, value, headers = {}, id } = message;
  const subject = String(to.subject);
  const all = headersOf();
  for (const [name, text] of Object.entries(headers)) all.set(name, text);
  try {
    const options = { msgID: id, headers: all, timeout: ANSWER_MS };
    const { stream, seq } = await jetstream(connection).publish(subject, value ?? new Uint8Array(), options);
    return { subject, stream, sequence: seq };
  } catch (error) {
    if (isUnanswered(error)) throw await whyNobody(connection, subject);
    throw error;
  }
}

/** Nobody takes the subject: no stream does, or that which does has no leader at the moment. */
async function whyNobody(connection: NatsConnection, subject: string): Promise<unknown> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  try {
    const stream = await manager.streams.find(subject);
    return new MyelinError('connection_failed', `The stream ${stream} takes nothing at the moment: it has no leader.`);
  } catch (error) {
    if (isWithoutJetStream(error)) return error;
    const message = `No stream takes the subject ${subject}: make one, or check the subject.`;
    return new MyelinError('broker_refused', message);
  }
}
