/**
 * Where a group begins is written down before it reads anything: `latest` means the end at this moment, not that at
 * the next start after a crash, between which messages would be lost.
 */
import { Admin, type BaseOptions } from '@platformatic/kafka';
import type { Subscription } from '../../ports/brokers.ts';

/** Of the config of a trigger; its type has checked it. */
export interface Source {
  readonly topic: string;
  readonly from?: 'earliest' | 'latest';
  /** By partition. */
  readonly fromOffset?: Readonly<Record<string, number>>;
}

/** Offsets of a topic by partition. */
type Offsets = ReadonlyMap<number, bigint>;

const LATEST = -1n;
const EARLIEST = -2n;

type Memory = Pick<Subscription, 'remembered' | 'remember'>;

/** Of a topic that is there. Where others of the group are at it already, they have done so. */
export async function writeStartOffsets(
  options: BaseOptions,
  group: string,
  config: Source,
  { remembered, remember }: Memory,
): Promise<void> {
  const admin = new Admin(options);
  try {
    const { topic } = config;
    const metadata = await admin.metadata({ topics: [topic] });
    const count = metadata.topics.get(topic)?.partitionsCount ?? 0;
    const partitions = Array.from({ length: count }, (_, index) => index);
    const topicId = metadata.topics.get(topic)?.id ?? '';
    const [committed, first, end, known] = await Promise.all([
      committedOffsets(admin, group, topic, partitions),
      offsetsAt(admin, topic, partitions, EARLIEST),
      offsetsAt(admin, topic, partitions, LATEST),
      remembered(),
    ]);
    const places = partitions.flatMap((partition) => {
      const offset = known[`${topicId}/${partition}`];
      return offset === undefined ? [] : [[partition, BigInt(offset)] as const];
    });
    const missing = partitions.flatMap((partition) => {
      const bounds = { first: first.get(partition) ?? 0n, end: end.get(partition) ?? 0n };
      const offset = startOf(partition, { committed, remembered: new Map(places) }, bounds, config);
      return offset === undefined ? [] : [{ partition, offset }];
    });
    // Also of partitions to which nothing comes: nothing else would be told of them.
    const unknown = partitions.flatMap((partition) => {
      const offset = committed.get(partition);
      return offset === undefined || known[`${topicId}/${partition}`] !== undefined ? [] : [{ partition, offset }];
    });
    const told = [...unknown, ...missing].map(({ partition, offset }) => [`${topicId}/${partition}`, Number(offset)]);
    if (told.length > 0) await remember(Object.fromEntries(told));
    if (missing.length === 0) return;
    await admin
      .alterConsumerGroupOffsets({ groupId: group, topics: [{ name: topic, partitionOffsets: missing }] })
      .catch((error) => {
        if (!isBusy(error)) throw error;
      });
  } finally {
    await admin.close();
  }
}

interface Bounds {
  readonly first: bigint;
  readonly end: bigint;
}

interface Known {
  /** By Kafka. */
  readonly committed: Offsets;
  /** By ourselves: Kafka forgets a group that nobody has used for a while, by default a week. */
  readonly remembered: Offsets;
}

/** Undefined where the group knows where it is. A partition that was added later is read from its beginning. */
export function startOf(
  partition: number,
  { committed, remembered }: Known,
  { first, end }: Bounds,
  { from, fromOffset }: Pick<Source, 'from' | 'fromOffset'>,
): bigint | undefined {
  const known = committed.get(partition);
  // What it would read next was removed, or the topic is another of the same name.
  if (known !== undefined) return known < first || known > end ? first : undefined;
  const before = remembered.get(partition);
  if (before !== undefined) return before < first || before > end ? first : before;
  if (committed.size > 0 || remembered.size > 0) return first;
  const wanted = fromOffset?.[String(partition)];
  if (wanted !== undefined) return clamp(BigInt(wanted), first, end);
  return from === 'earliest' ? first : end;
}

const clamp = (offset: bigint, first: bigint, end: bigint): bigint =>
  offset < first ? first : offset > end ? end : offset;

async function committedOffsets(
  admin: Admin,
  group: string,
  topic: string,
  partitions: number[],
): Promise<Map<number, bigint>> {
  const groups = [{ groupId: group, topics: [{ name: topic, partitionIndexes: partitions }] }];
  const found = await admin.listConsumerGroupOffsets({ groups });
  const rows = found.flatMap(({ topics }) => topics).flatMap((one) => one.partitions);
  const known = rows.filter(({ committedOffset }) => committedOffset >= 0n);
  return new Map(known.map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset]));
}

async function offsetsAt(admin: Admin, topic: string, partitions: number[], timestamp: bigint): Promise<Offsets> {
  const wanted = partitions.map((partitionIndex) => ({ partitionIndex, timestamp }));
  const [found] = await admin.listOffsets({ topics: [{ name: topic, partitions: wanted }] });
  return new Map(found?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
}

/** Members of the group commit for themselves: nobody else may. */
function isBusy(error: unknown): boolean {
  const ids = ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'];
  const { findBy } = error as { findBy?: (property: string, value: unknown) => unknown };
  return findBy !== undefined && ids.some((id) => findBy.call(error, 'apiId', id));
}
