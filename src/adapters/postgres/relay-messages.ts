/**
 * Delivery from the log, lane by lane. A lane is served by one process at a time, under an advisory lock: it takes no
 * transaction id, so that a slow delivery keeps no reader from what others write meanwhile. What was delivered is behind
 * the place of its lane; what failed, and what follows it under its key, waits in `message_retries`.
 */
import type { LoggedMessage, Relayed } from '../../ports/messages.ts';
import { array, texts } from './columns.ts';
import { insertLetters } from './insert-letters.ts';
import { insertMessages } from './insert-messages.ts';
import { busyLanes, isDue, type LaneEnd, unread, type Waiting } from './read-lanes.ts';
import { type Pool, runAll, type Sql } from './sql.ts';
import { notify } from './wake.ts';

/** "message" in ASCII: the lock of lane 0; those of the others follow. */
export const LOCK = '30792267928954112';
/**
 * Who was stopped in the middle of a round loses its lanes after this: PostgreSQL ends its connection. What it had
 * delivered is delivered again by the next, with the same ids.
 */
const SILENT_MS = 20_000;

export async function relayMessages(
  sql: Pool,
  now: number,
  limit: number,
  deliver: (messages: readonly LoggedMessage[]) => Promise<Relayed>,
): Promise<number | null> {
  // Most looks find nothing: no transaction for them.
  const { lanes, isEarly } = await busyLanes(sql, now);
  if (lanes.length === 0) return isEarly ? null : 0;
  return await sql.begin(async (tx) => {
    await tx.unsafe(`set local idle_in_transaction_session_timeout = ${SILENT_MS}`);
    const locked = await tx`
      select lane from unnest(${array(lanes)}::int[]) lane where pg_try_advisory_xact_lock(${LOCK}::bigint + lane)`;
    if (locked.length === 0) return null;
    // Statements of their own: they must see what the process before has written.
    const mine = locked.map((row) => row.lane as number);
    const parked = await hasRetries(tx, mine);
    const retries = parked ? await dueRetries(tx, mine, now, limit) : [];
    const { messages: fresh, ends } = await unread(tx, mine, limit - retries.length);
    const held = parked ? await heldBack(tx, fresh, retries) : new Set<number>();
    const messages = [...retries, ...fresh.filter((one) => !held.has(one.id))];
    const { done, putOff, letters = [], messages: told = [] } = await deliver(messages);
    const after = new Map(putOff.map((one) => [one.id, one]));
    const over = new Set(done);
    await runAll(tx, [...insertLetters(letters), ...insertMessages(told)]);
    if (told.length > 0) await notify(tx, 'messages');
    await Promise.all([
      forget(
        tx,
        retries.filter((one) => over.has(one.id)),
      ),
      keep(tx, [...retries.filter((one) => after.has(one.id)), ...fresh.filter((one) => !over.has(one.id))], after),
      advance(tx, ends),
    ]);
    return retries.length + fresh.length;
  });
}

/** Waits until no lane is served, and keeps them for the transaction. */
export async function lockLanes(tx: Sql): Promise<void> {
  await tx`select pg_advisory_xact_lock(${LOCK}::bigint + lane) from (select lane from message_lanes order by lane) lanes`;
}

/** Mostly nothing is put off, and then nothing needs to be compared with it. */
async function hasRetries(tx: Sql, lanes: readonly number[]): Promise<boolean> {
  const [row] = await tx`
    select exists (select from message_retries where lane = any(${array(lanes)}::int[])) as some`;
  return row?.some as boolean;
}

/** In the order of the log. What waits longer holds back what follows it under its key. */
async function dueRetries(tx: Sql, lanes: readonly number[], now: number, limit: number): Promise<Waiting[]> {
  const rows = await tx`
    select r.id, r.project_id, r.lane, r.event, r.attempts, r.created_at from message_retries r
     where r.lane = any(${array(lanes)}::int[]) and ${isDue(tx, now)}
     order by r.id limit ${limit}`;
  return rows.map((row) => {
    const { id, lane, event, attempts } = row;
    return { id, projectId: row.project_id, lane, event, attempts, createdAt: row.created_at };
  });
}

/** Those of a key of which something waits that is not handed over now. */
async function heldBack(tx: Sql, fresh: readonly Waiting[], handed: readonly Waiting[]): Promise<Set<number>> {
  const keyed = fresh.filter(({ event }) => event.partitionkey !== undefined);
  if (keyed.length === 0) return new Set();
  const rows = await tx`
    select distinct f.id
      from unnest(${array(keyed.map((one) => one.id))}::bigint[], ${array(keyed.map((one) => one.projectId))}::uuid[],
                  string_to_array(${texts(keyed.map((one) => one.event.partitionkey ?? ''))}, e'\\x1e')) f (id, project_id, key)
      join message_retries r on r.project_id = f.project_id and r.key = f.key
     where r.id <> all(${array(handed.map((one) => one.id))}::bigint[])`;
  return new Set(rows.map((row) => row.id as number));
}

async function forget(tx: Sql, retries: readonly Waiting[]): Promise<void> {
  if (retries.length === 0) return;
  await tx.unsafe('delete from message_retries where id = any($1::bigint[])', [array(retries.map((one) => one.id))]);
}

/** What is not delivered: put off, or held back by what is. */
async function keep(tx: Sql, left: readonly Waiting[], putOff: ReadonlyMap<number, Relayed['putOff'][number]>) {
  if (left.length === 0) return;
  const error = ({ id }: Waiting) => JSON.stringify(putOff.get(id)?.error ?? null);
  await tx.unsafe(
    `insert into message_retries as r (id, project_id, lane, key, event, attempts, retry_at, error, created_at)
     select id, project_id, lane, nullif(key, ''), event::json, attempts, until, nullif(error, 'null')::json, created_at
       from unnest($1::bigint[], $2::uuid[], $3::int[], string_to_array($4, e'\\x1e'), string_to_array($5, e'\\x1e'),
                   $6::int[], $7::bigint[], string_to_array($8, e'\\x1e'), $9::timestamptz[])
            n (id, project_id, lane, key, event, attempts, until, error, created_at)
     on conflict (id) do update
        set attempts = excluded.attempts, retry_at = excluded.retry_at, error = excluded.error`,
    [
      array(left.map((one) => one.id)),
      array(left.map((one) => one.projectId)),
      array(left.map((one) => one.lane)),
      texts(left.map((one) => one.event.partitionkey ?? '')),
      texts(left.map((one) => JSON.stringify(one.event))),
      array(left.map((one) => one.attempts + (putOff.has(one.id) ? 1 : 0))),
      array(left.map((one) => putOff.get(one.id)?.until ?? null)),
      texts(left.map(error)),
      array(left.map((one) => one.createdAt.toISOString())),
    ],
  );
}

/** Each lane to the last that was read of it. */
async function advance(tx: Sql, ends: readonly LaneEnd[]): Promise<void> {
  if (ends.length === 0) return;
  await tx.unsafe(
    `update message_lanes l set tx = n.tx::xid8, id = n.id
       from unnest($1::int[], string_to_array($2, ','), $3::bigint[]) n (lane, tx, id) where l.lane = n.lane`,
    [array(ends.map((one) => one.lane)), ends.map((one) => one.tx).join(','), array(ends.map((one) => one.id))],
  );
}

/** Milliseconds that the oldest message has waited for its delivery; 0 when none waits, and only then. */
export async function messageLag(sql: Sql): Promise<number> {
  const [oldest] = await sql`
    select extract(epoch from clock_timestamp() - min(at)) * 1000 as ms
      from (select (select m.created_at from messages m
                     where m.lane = c.lane and (m.tx, m.id) > (c.tx, c.id) order by m.tx, m.id limit 1) as at
              from message_lanes c
             union all select min(created_at) from message_retries) waiting`;
  return oldest?.ms === null ? 0 : Math.max(1, Math.round(Number(oldest?.ms)));
}
