/**
 * A round of a feed. Who has the advisory lock of the project sends; it takes no transaction id, so that a slow broker
 * keeps no reader of the log from what others write meanwhile. What was sent by one that died in the middle is sent again.
 */
import { type FeedEvent, LARGEST_FEED_DATA } from '../../core/event-feed/feed-message.ts';
import type { EventFeed, EventFeedStore, FeedRound } from '../../ports/event-feeds.ts';
import { array } from './columns.ts';
import type { Pool, Row, Sql } from './sql.ts';

interface Round {
  readonly projectId: string;
  readonly now: number;
  readonly limit: number;
  readonly hand: Parameters<EventFeedStore['send']>[3];
}

interface Entry {
  readonly id: number;
  readonly streamId: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** Longer than a broker may take: who was stopped in the middle loses the lock, as PostgreSQL ends its connection. */
const SILENT_MS = 60_000;
/** Bytes of one round, about. */
const LARGEST_ROUND = 8 * 1024 * 1024;

export async function sendFeed(sql: Pool, round: Round): Promise<number | null> {
  return await sql.begin(async (tx) => {
    const { projectId, now, limit, hand } = round;
    await tx.unsafe(`set local idle_in_transaction_session_timeout = ${SILENT_MS}`);
    const [lock] = await tx`
      select pg_try_advisory_xact_lock(hashtextextended(${`event-feed/${projectId}`}, 0)) as mine`;
    if (!lock?.mine) return null;
    // Statements of their own: they must see what the process before has written.
    const feed = await getFeed(tx, projectId);
    if (feed === undefined || (feed.retryAt !== null && feed.retryAt > now)) return null;
    const entries = await nextEntries(tx, projectId, limit);
    if (entries.length === 0) return 0;
    const wanted = upTo(entries, limit);
    const { events, reached } = await read(tx, projectId, wanted);
    const { left, putOff } = events.length === 0 ? NOTHING_LEFT : await hand(feed, events);
    await note(tx, feed, putOff);
    await forget(tx, projectId, entries, arrived(reached, left));
    return putOff === null ? reached.length : null;
  });
}

const NOTHING_LEFT: FeedRound = { left: new Map(), putOff: null };

export async function getFeed(sql: Sql, projectId: string): Promise<EventFeed | undefined> {
  const [row] = await sql`select * from event_feeds where project_id = ${projectId}`;
  return row && toFeed(row);
}

async function nextEntries(tx: Sql, projectId: string, limit: number): Promise<Entry[]> {
  const rows = await tx`
    select id, stream_id, first_seq, last_seq from event_feed_entries
     where project_id = ${projectId} order by id limit ${limit}`;
  return rows.map((row) => ({ id: row.id, streamId: row.stream_id, firstSeq: row.first_seq, lastSeq: row.last_seq }));
}

/** The entries whose events fill the round; the last of them may have more. */
function upTo(entries: readonly Entry[], limit: number): Entry[] {
  const wanted: Entry[] = [];
  let left = limit;
  for (const one of entries) {
    if (left <= 0) break;
    const lastSeq = Math.min(one.lastSeq, one.firstSeq + left - 1);
    wanted.push({ ...one, lastSeq });
    left -= lastSeq - one.firstSeq + 1;
  }
  return wanted;
}

interface Read {
  readonly events: readonly FeedEvent[];
  /** The entries, as far as they are read. */
  readonly reached: readonly Entry[];
}

/** Each entry is looked up by its own: the plan must not hang on statistics. */
async function read(tx: Sql, projectId: string, wanted: readonly Entry[]): Promise<Read> {
  const rows = await tx`
    select place, stream_id, seq, type, at, coalesce(spilled, data::text) as data, total from (
      select n.place, n.stream_id, e.*, count(*) over () as total,
             sum(e.size) over (order by n.place, e.seq) - e.size as before
        from unnest(${array(wanted.map((one) => one.streamId))}::uuid[],
                    ${array(wanted.map((one) => one.firstSeq))}::int[],
                    ${array(wanted.map((one) => one.lastSeq))}::int[]) with ordinality
             n (stream_id, first_seq, last_seq, place)
       cross join lateral (
         select e.seq, e.type, e.at, e.data, case when b.size <= ${LARGEST_FEED_DATA} then b.data end as spilled,
                case when e.blob is null then pg_column_size(e.data)
                     when b.size <= ${LARGEST_FEED_DATA} then b.size else 0 end as size
           from events e left join blobs b on b.hash = e.blob and b.project_id = e.project_id
          where e.stream_id = n.stream_id and e.project_id = ${projectId} and e.seq between n.first_seq and n.last_seq
          order by e.seq limit ${wanted.reduce((sum, one) => sum + one.lastSeq - one.firstSeq + 1, 0)}) e) round
     where before < ${LARGEST_ROUND}
     order by place, seq`;
  const last = rows.at(-1);
  const isAll = rows.length === (last?.total ?? 0);
  const reached = isAll
    ? wanted
    : wanted.slice(0, last?.place).map((one, at) => (at + 1 === last?.place ? { ...one, lastSeq: last.seq } : one));
  return { events: rows.map(toEvent), reached };
}

/** What happened since to the feed, by a person, counts more. */
async function note(tx: Sql, feed: EventFeed, putOff: FeedRound['putOff']): Promise<void> {
  if (putOff === null && feed.error === null) return;
  await tx`
    update event_feeds
       set error = ${putOff && JSON.stringify(putOff.error)}::text::json,
           failures = ${putOff === null ? 0 : feed.failures + 1}, retry_at = ${putOff?.until ?? null}
     where project_id = ${feed.projectId} and updated_at = ${feed.updatedAt}`;
}

/** The entries, as far as their events have arrived. */
function arrived(reached: readonly Entry[], left: FeedRound['left']): Entry[] {
  return reached.flatMap((one) => {
    const lastSeq = Math.min(one.lastSeq, (left.get(one.streamId) ?? Number.POSITIVE_INFINITY) - 1);
    return lastSeq < one.firstSeq ? [] : [{ ...one, lastSeq }];
  });
}

async function forget(tx: Sql, projectId: string, entries: readonly Entry[], done: readonly Entry[]): Promise<void> {
  const ends = new Map(entries.map(({ id, lastSeq }) => [id, lastSeq]));
  const whole = done.filter(({ id, lastSeq }) => lastSeq === ends.get(id));
  const parts = done.filter(({ id, lastSeq }) => lastSeq !== ends.get(id));
  if (whole.length > 0) {
    await tx`
      delete from event_feed_entries
       where project_id = ${projectId} and id = any(${array(whole.map((one) => one.id))}::bigint[])`;
  }
  if (parts.length > 0) {
    await tx`
      update event_feed_entries e set first_seq = n.last_seq + 1
        from unnest(${array(parts.map((one) => one.id))}::bigint[], ${array(parts.map((one) => one.lastSeq))}::int[])
             n (id, last_seq)
       where e.project_id = ${projectId} and e.id = n.id`;
  }
}

const toEvent = ({ stream_id: streamId, seq, type, at, data }: Row): FeedEvent => ({ streamId, seq, type, at, data });

function toFeed(row: Row): EventFeed {
  return {
    projectId: row.project_id,
    connection: row.connection,
    type: row.type,
    target: row.target,
    error: row.error,
    failures: row.failures,
    retryAt: row.retry_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
