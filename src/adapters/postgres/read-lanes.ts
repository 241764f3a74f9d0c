/** What of the log waits for its delivery, lane by lane. A lane is read in the order of its places, (tx, id). */
import type { LoggedMessage } from '../../ports/messages.ts';
import { array } from './columns.ts';
import type { Row, Sql } from './sql.ts';

/** A message of the log, or one that waits for its next try. */
export interface Waiting extends LoggedMessage {
  readonly lane: number;
  /** When it was written, or the oldest that was read with it: near enough to tell how long it has waited. */
  readonly createdAt: Date;
}

/** The place of the last that was read of a lane; `tx` as text, since it is larger than a number can hold. */
export interface LaneEnd {
  readonly lane: number;
  readonly tx: string;
  readonly id: number;
}

/** Bytes of one round, about, as JSON. */
const LARGEST = 8 * 1024 * 1024;
/** Lanes that make a round, where all of them have much: with eight, two processes find enough to do. */
const SHARE = 4;
/** Messages from which on a lane has much. */
const MUCH = 50;

/**
 * Lanes to serve: all that have a little, or a few that have much, and the rest is left to other processes. Early: all
 * there is was written beside a transaction that has not ended.
 */
export async function busyLanes(sql: Sql, now: number): Promise<{ lanes: number[]; isEarly: boolean }> {
  const rows = await sql`
    select c.lane, early.some as early,
           (select count(*) from (select from messages m
                                   where m.lane = c.lane and (m.tx, m.id) > (c.tx, c.id)
                                     and m.tx < pg_snapshot_xmin(pg_current_snapshot())
                                   limit ${MUCH}) ready)::int as ready,
           (select count(*) from (select from message_retries r
                                   where r.lane = c.lane and ${isDue(sql, now)}
                                   limit ${MUCH}) due)::int as due
      from message_lanes c
      cross join lateral (select exists (select from messages m
                                          where m.lane = c.lane and (m.tx, m.id) > (c.tx, c.id)) as some) early
     where early.some or exists (select from message_retries r where r.lane = c.lane)
     order by random()`;
  const lanes: number[] = [];
  let waiting = 0;
  for (const row of rows) {
    if (waiting >= SHARE * MUCH) break;
    if (row.ready + row.due === 0) continue;
    waiting += row.ready + row.due;
    lanes.push(row.lane);
  }
  return { lanes, isEarly: rows.some((row) => row.early) };
}

/** Of a message `r` that was put off: its time has come, and that of all before it under its key. */
export const isDue = (sql: Sql, now: number) => sql`
  (r.retry_at is null or r.retry_at <= ${now})
  and not exists (select from message_retries h
                   where h.project_id = r.project_id and h.key = r.key and h.id < r.id and h.retry_at > ${now})`;

/**
 * At most so many, shared out among the lanes. A lane comes as one row of JSON arrays: for a thousand messages a third
 * of the cost of a row each, on both ends.
 */
export async function unread(
  tx: Sql,
  lanes: readonly number[],
  limit: number,
): Promise<{ messages: Waiting[]; ends: LaneEnd[] }> {
  const served = lanes.slice(0, limit);
  if (served.length === 0) return { messages: [], ends: [] };
  const share = Math.floor(limit / served.length);
  const rows = await tx`
    select c.lane, m.* from message_lanes c
     cross join lateral (
       select json_agg(id order by tx, id) as ids, json_agg(project_id order by tx, id) as projects,
              json_agg(event order by tx, id) as events, min(created_at) as at, max(tx)::text as tx
         from (select *, sum(${sizeOf(tx)}) over (order by tx, id rows unbounded preceding) - ${sizeOf(tx)} as before
                 from (select * from messages m
                        where m.lane = c.lane and (m.tx, m.id) > (c.tx, c.id)
                          and m.tx < pg_snapshot_xmin(pg_current_snapshot())
                        order by m.tx, m.id limit ${share}) next) read
        where before < ${Math.floor(LARGEST / served.length)}) m
     where c.lane = any(${array(served)}::int[]) and m.ids is not null`;
  return {
    messages: rows
      .flatMap(laneMessages)
      .sort((a, b) => a.rank - b.rank)
      .map(({ message }) => message),
    ends: rows.map(({ lane, ids, tx }) => ({ lane, tx, id: ids.at(-1) })),
  };
}

/** Ranks keep the order of a lane, and put those of different lanes about as they were written. */
function laneMessages({ lane, ids, projects, events, at }: Row): { rank: number; message: Waiting }[] {
  let rank = 0;
  return ids.map((id: number, index: number) => {
    rank = Math.max(rank, id);
    const message = { id, projectId: projects[index], event: events[index], attempts: 0, lane, createdAt: at };
    return { rank, message };
  });
}

/** A compressed one as large as it will be; the others are never taken out of where they lie. */
const sizeOf = (sql: Sql) =>
  sql`case when pg_column_compression(event) is null then pg_column_size(event) else octet_length(event::text) end`;
