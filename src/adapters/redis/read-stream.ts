/**
 * One member of a consumer group of a stream. An entry is acknowledged when it is taken; what a member has that was not
 * heard of for a while (its process died) is claimed by another.
 */
import type { Redis } from 'ioredis';
import { LARGEST_READ } from '../../core/brokers/received.ts';
import type { ReceivedMessage, Subscription } from '../../ports/brokers.ts';

export interface Member {
  readonly client: Redis;
  /** For commands that must not wait behind a read that waits. */
  readonly other: Redis;
  /** Of the process. */
  readonly name: string;
  /** Members that are silent for so long are gone; default an hour. */
  readonly goneMs?: number;
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

/** A member that lives asks every few seconds. */
const GONE_MS = 3_600_000;

/** How the names of members begin. */
export const OURS = 'myelin-';

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
  const reading = { stream, group, name, batch };
  // What this process had in hand when its connection broke.
  for (let left = await read(client, reading, '0'); left.length > 0; left = await read(client, reading, '0')) {
    await take(left);
  }
  try {
    await readOn(member, reading, subscription, { take, signal });
  } finally {
    // Where the connection broke it stays, for as long as the others leave it.
    await forget(other, reading, { prefix: name, idleMs: 0, but: '' }).catch(() => undefined);
  }
}

interface Course {
  readonly take: (entries: readonly Entry[]) => Promise<void>;
  readonly signal: AbortSignal;
}

async function readOn(
  { client, other, name, goneMs = GONE_MS }: Member,
  reading: Reading,
  subscription: Subscription,
  { take, signal }: Course,
): Promise<void> {
  let claimedAt = 0;
  let toldAt = 0;
  while (!signal.aborted) {
    const now = performance.now();
    if (now - claimedAt >= CLAIM_EVERY_MS || claimedAt === 0) {
      claimedAt = now;
      await claim(other, reading, take);
      await forget(other, reading, { prefix: OURS, idleMs: goneMs, but: name });
    }
    if (now - toldAt >= LAG_EVERY_MS || toldAt === 0) {
      toldAt = now;
      const lag = await lagOf(other, reading);
      if (lag !== undefined) subscription.lag(lag);
    }
    const there = await read(client, reading, '>');
    await take(there.length > 0 ? there : await awaitNext(client, reading));
  }
}

async function makeGroup(client: Redis, stream: string, group: string, from: 'earliest' | 'latest'): Promise<void> {
  try {
    await client.xgroup('CREATE', stream, group, from === 'earliest' ? '0' : '$', 'MKSTREAM');
  } catch (error) {
    if (!(error as Error).message.startsWith('BUSYGROUP')) throw error;
  }
}

/**
 * Entries one by one, as many as fit: the server counts no bytes, and an entry may have 512 MB. What was asked last
 * is over the limit, or the stream has no more.
 */
const READ = `
local entries, bytes, after = {}, 0, ARGV[3]
while #entries < tonumber(ARGV[4]) and bytes < tonumber(ARGV[5]) do
  local answer = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', 1, 'STREAMS', KEYS[1], after)
  if not answer then break end
  local entry = answer[1][2][1]
  if not entry then break end
  entries[#entries + 1] = entry
  if after ~= '>' then after = entry[1] end
  if entry[2] then
    for _, word in ipairs(entry[2]) do bytes = bytes + #word end
  end
end
return entries`;

/** The same of what others have left lying; answers where to go on first. */
const CLAIM = `
local entries, bytes, after = {}, 0, ARGV[3]
repeat
  local answer = redis.call('XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[6], after, 'COUNT', 1)
  after = answer[1]
  local entry = answer[2][1]
  if entry then
    entries[#entries + 1] = entry
    if entry[2] then
      for _, word in ipairs(entry[2]) do bytes = bytes + #word end
    end
  end
until after == '0-0' or #entries >= tonumber(ARGV[4]) or bytes >= tonumber(ARGV[5])
return { after, entries }`;

/** A member of a group, and how many it reads at once. */
interface Reading {
  readonly stream: string;
  readonly group: string;
  readonly name: string;
  readonly batch: number;
}

/** Those after an entry that it has in hand already, or with `>` those that nobody has. */
async function read(client: Redis, { stream, group, name, batch }: Reading, after: '0' | '>'): Promise<Entry[]> {
  return (await client.callBuffer('EVAL', ...[READ, 1, stream, group, name, after, batch, LARGEST_READ])) as Entry[];
}

/** The next, as soon as there is one; none after a while. */
async function awaitNext(client: Redis, { stream, group, name }: Reading): Promise<Entry[]> {
  const about = ['GROUP', group, name, 'COUNT', 1, 'BLOCK', WAIT_MS, 'STREAMS', stream, '>'];
  const answer = await client.callBuffer('XREADGROUP', ...about);
  const [streams] = (answer ?? []) as [[Buffer, Entry[]]?];
  return streams?.[1] ?? [];
}

/** All that others have left lying, page by page. */
async function claim(
  client: Redis,
  { stream, group, name, batch }: Reading,
  take: (entries: readonly Entry[]) => Promise<void>,
): Promise<void> {
  for (let after = '0-0'; ; ) {
    const about = [stream, group, name, after, batch, LARGEST_READ, IDLE_MS];
    const answer = await client.callBuffer('EVAL', ...[CLAIM, 1, ...about]);
    const [next, entries] = answer as [Buffer, Entry[]];
    await take(entries.filter((one) => one !== null));
    after = next.toString();
    if (after === '0-0') return;
  }
}

/**
 * Members that a process left behind are removed, since each start of one adds another: where nothing is in their
 * hands, and that is looked at in the same script, as with a member its entries would be gone.
 */
const FORGET = `
for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local member = {}
  for at = 1, #flat, 2 do member[flat[at]] = flat[at + 1] end
  local isMeant = string.sub(member.name, 1, #ARGV[2]) == ARGV[2] and member.name ~= ARGV[4]
  if isMeant and member.pending == 0 and member.idle >= tonumber(ARGV[3]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], member.name)
  end
end`;

/** Names begin so, they have been silent for so long, and one of them is meant by no means. */
interface Gone {
  readonly prefix: string;
  readonly idleMs: number;
  readonly but: string;
}

async function forget(client: Redis, { stream, group }: Reading, { prefix, idleMs, but }: Gone): Promise<void> {
  await client.eval(FORGET, 1, stream, group, prefix, idleMs, but);
}

/** Entries that the group has not read; undefined where the server does not know. */
async function lagOf(client: Redis, { stream, group }: Reading): Promise<number | undefined> {
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
