/** Which queue a trigger reads: one that is there, or one of its group that an exchange fills. */
import type { Channel } from 'amqplib';
import type { ExchangeDeclaration } from '../../core/brokers/exchange.ts';
import type { Fields } from '../../core/connections/parts.ts';

/** What of a trigger's config says it. */
interface Source {
  readonly queue?: string;
  readonly exchange?: string;
  readonly declare?: ExchangeDeclaration;
  readonly routingKey?: string | readonly string[];
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly match?: 'all' | 'any';
  readonly maxPriority?: number;
  readonly deadLetterExchange?: string;
}

const EVERYTHING = '#';

/** What `rabbitmqError` says of it. */
export function sourceName(config: Fields, group: string): string {
  const { queue, exchange } = config as Source;
  return queue === undefined ? `the exchange ${exchange}, or the queue ${group}` : `the queue ${queue}`;
}

/** The name of the queue, which is there now. Throws what the library throws. */
export async function declareSource(channel: Channel, config: Fields, group: string): Promise<string> {
  const { queue, exchange, ...rest } = config as Source;
  if (exchange === undefined) return (await channel.checkQueue(queue ?? group)).queue;
  const { declare, routingKey = EVERYTHING, headers, match = 'all', maxPriority, deadLetterExchange } = rest;
  if (declare === undefined) await channel.checkExchange(exchange);
  else await declareExchange(channel, exchange, declare);
  await channel.assertQueue(group, {
    durable: true,
    ...(maxPriority !== undefined && { maxPriority }),
    ...(deadLetterExchange !== undefined && { deadLetterExchange }),
  });
  // Bindings that an earlier version of the trigger made stay until somebody removes them.
  const bound = headers === undefined ? {} : { ...headers, 'x-match': match };
  for (const key of [routingKey].flat()) await channel.bindQueue(group, exchange, key, bound);
  return group;
}

export async function declareExchange(channel: Channel, name: string, { kind, durable = true }: ExchangeDeclaration) {
  await channel.assertExchange(name, kind, { durable });
}
