/** What a publish node sends to Redis. */
import type { Redis } from 'ioredis';
import type { OutgoingMessage, Receipt } from '../../ports/brokers.ts';

interface Target {
  readonly stream?: string;
  readonly channel?: string;
  readonly field: string;
  readonly maxLength?: number;
}

/** How long an entry is known by the id of its message. */
const KNOWN_S = 86_400;

/**
 * An entry whose message was added before is not added again: both are one script, so nothing comes between. The key of
 * the mark is in the slot of the stream.
 */
const ADD = `
local known = redis.call('get', KEYS[2])
if known then return known end
local id = redis.call('xadd', KEYS[1], unpack(ARGV, 2))
redis.call('set', KEYS[2], id, 'EX', ARGV[1])
return id`;

export async function add(client: Redis, { to, value, headers = {}, id }: OutgoingMessage): Promise<Receipt> {
  const { stream, channel, field, maxLength } = to as unknown as Target;
  const bytes = Buffer.from(value ?? []);
  if (stream === undefined) return { channel, receivers: await client.publish(channel ?? '', bytes) };
  const trim = maxLength === undefined ? [] : ['MAXLEN', '~', maxLength];
  const fields = Object.entries(headers).flat();
  const entry = await client.eval(
    ADD,
    ...([2, stream, `{${stream}}:myelin:${id}`, KNOWN_S, ...trim, '*', field, bytes, ...fields] as const),
  );
  return { stream, entry: String(entry) };
}
