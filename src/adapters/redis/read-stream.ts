/**
 * One member of a consumer group of a stream. An entry is acknowledged when it is taken; what a member has that was not
 * heard of for a while (its process died) is claimed by another.
 */
import type { Redis } from 'ioredis';
import type { ReceivedMessage, Subscription } from '../../ports/brokers.ts';

export interface Member {
  readonly client: Redis;
  /** For commands that must not wait behind a read that waits. */
  readonly other: Redis;
  /** Of the process. */
  readonly name: string;
}

/** What of a trigger's config it reads by. */
interface Source {
  readonly stream: string;
  readonly from?: 'earliest' | 'latest';
  readonly field?: string;
}

type Entry = readonly [id: Buffer, fields: readonly Buffer[] | null];

/** How long a read waits for an entry. */
const WAIT_MS = 2_000;
/** Entries of a member that are not acknowledged for so long are those of a process that died. */
const IDLE_MS = 30_000;
const CLAIM_EVERY_MS = 10_000;
const LAG_EVERY_MS = 5_000;

/** Resolves when the signal ends it. Throws what the library throws. */
export async function readStream(member: Member, subscription: Subscription, signal: AbortSignal): Promise<void> {
  const { client, other, name } = member;
  const { stream, from = 'latest', field = 'data' } = subscription.config as unknown as Source;
  const { group, batch } = subscription;
  await makeGroup(other, stream, group, from);
  subscription.listening();
  const take = async (entries: readonly Entry[]) => {
    if (entries.length === 0) return;
    await subscription.take(entries.filter(isThere).map((entry) => toReceived(stream, entry, field)));
    await other.xack(stream, group, ...entries.map(([id]) => id));
  };
  // What this process had in hand when its connection broke.
  for (let left = await read(client, [group, name, batch, stream, '0']); left.length > 0; ) {
    await take(left);
    left = await read(client, [group, name, batch, stream, '0']);
  }
  let claimedAt = 0;
  let toldAt = 0;
  while (!signal.aborted) {
    const now = performance.now();
    if (now - claimedAt >= CLAIM_EVERY_MS || claimedAt === 0) {
      claimedAt = now;
      await claim(other, { stream, group, name, batch }, take);
    }
    if (now - toldAt >= LAG_EVERY_MS || toldAt === 0) {
      toldAt = now;
      const lag = await lagOf(other, stream, group);
      if (lag !== undefined) subscription.lag(lag);
    }
    await take(await read(client, [group, name, batch, stream, '>'], WAIT_MS));
  }
}

async function makeGroup(client: Redis, stream: string, group: string, from: 'earliest' | 'latest'): Promise<void> {
  try {
    await client.xgroup('CREATE', stream, group, from === 'earliest' ? '0' : '$', 'MKSTREAM');
  } catch (error) {
    if (!(error as Error).message.startsWith('BUSYGROUP')) throw error;
  }
}

async function read(
  client: Redis,
  [group, name, count, stream, after]: readonly [string, string, number, string, string],
  waitMs?: number,
): Promise<Entry[]> {
  const wait = waitMs === undefined ? [] : ['BLOCK', waitMs];
  const answer = await client.callBuffer(
    'XREADGROUP',
    ...['GROUP', group, name, 'COUNT', count, ...wait, 'STREAMS', stream, after],
  );
  const [streams] = (answer ?? []) as [[Buffer, Entry[]]?];
  return streams?.[1] ?? [];
}

/** All that others have left lying, page by page. */
async function claim(
  client: Redis,
  { stream, group, name, batch }: { stream: string; group: string; name: string; batch: number },
  take: (entries: readonly Entry[]) => Promise<void>,
): Promise<void> {
  for (let after = '0-0'; ; ) {
    const answer = await client.callBuffer('XAUTOCLAIM', ...[stream, group, name, IDLE_MS, after, 'COUNT', batch]);
    const [next, entries] = answer as [Buffer, Entry[]];
    await take(entries.filter((one) => one !== null));
    after = next.toString();
    if (after === '0-0') return;
  }
}

/** Entries that the group has not read; undefined where the server does not know. */
async function lagOf(client: Redis, stream: string, group: string): Promise<number | undefined> {
  const groups = (await client.xinfo('GROUPS', stream)) as unknown[][];
  const own = groups.map(fieldsOf).find((one) => one.name === group);
  return typeof own?.lag === 'number' ? own.lag : undefined;
}

const fieldsOf = (flat: readonly unknown[]): Record<string, unknown> =>
  Object.fromEntries(flat.flatMap((name, at) => (at % 2 === 0 ? [[String(name), flat[at + 1]]] : [])));

/** One that was removed from the stream before it was acknowledged has only its id. */
const isThere = (entry: Entry): entry is readonly [Buffer, readonly Buffer[]] => entry[1] !== null;

/** An entry without the field is a message of all its fields. */
function toReceived(stream: string, [id, flat]: readonly [Buffer, readonly Buffer[]], field: string): ReceivedMessage {
  const entry = id.toString();
  const pairs = flat.flatMap((name, at) => (at % 2 === 0 ? [[name.toString(), flat[at + 1] as Buffer] as const] : []));
  const value = pairs.find(([name]) => name === field)?.[1];
  const rest = pairs.filter(([name]) => name !== field);
  const whole = () =>
    Buffer.from(JSON.stringify(Object.fromEntries(rest.map(([name, one]) => [name, one.toString()]))));
  return {
    id: `${stream}/${entry}`,
    value: value ?? whole(),
    headers: value === undefined ? {} : Object.fromEntries(rest),
    timestamp: Number(entry.split('-')[0]),
    place: { stream, entry },
  };
}
