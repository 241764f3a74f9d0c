/** The outbox: what comes in from outside, how one process at a time hands it on, how long the oldest has waited. */
import { createHash } from 'node:crypto';
import type { LeftMessage, NewMessage, OutboxMessage, OutboxStore, PutOff, Relayed } from '../../ports/outbox.ts';
import { array, texts } from './columns.ts';
import { guarded } from './failures.ts';
import { insertLetters } from './insert-letters.ts';
import { insertMessages } from './insert-messages.ts';
import { type Pool, runAll, type Sql } from './sql.ts';
import { notify } from './wake.ts';

/** "outbox" in ASCII: who holds this advisory lock relays. */
const LOCK = '122550254464888';
/**
 * A relay that was stopped in the middle of a round loses the lock after this: PostgreSQL ends its connection. What
 * it had delivered is delivered again by the next, with the same ids.
 */
const SILENT_MS = 20_000;

export function outboxStore(sql: Pool): OutboxStore {
  return {
    add: (messages) => guarded(() => add(sql, messages)),
    relay: (now, limit, deliver) => guarded(() => relay(sql, now, limit, deliver)),
    setAside: (left) => guarded(() => sql.begin((tx) => setAside(tx, left))),
    lag: () => guarded(() => lag(sql)),
  };
}

async function add(sql: Pool, messages: readonly NewMessage[]): Promise<number> {
  return await sql.begin(async (tx) => {
    const fresh = await takeIds(tx, messages);
    await runAll(tx, insertMessages(fresh));
    if (fresh.length > 0) await notify(tx, 'messages');
    return fresh.length;
  });
}

/** Those that did not come before. Ids are taken in one order everywhere, against deadlocks. */
async function takeIds(tx: Sql, messages: readonly NewMessage[]): Promise<NewMessage[]> {
  const wanted = new Map<string, NewMessage>();
  const place = (one: NewMessage) => one.projectId + hashOf(one);
  for (const one of messages) {
    if (one.uniqueUntil !== undefined && !wanted.has(place(one))) wanted.set(place(one), one);
  }
  if (wanted.size === 0) return [...messages];
  const inOrder = [...wanted.keys()].sort().map((key) => wanted.get(key) as NewMessage);
  const rows = await tx.unsafe(
    `insert into message_ids (project_id, hash, expires_at)
     select * from unnest($1::uuid[], string_to_array($2, e'\\x1e'), $3::bigint[])
     on conflict (project_id, hash) do update set expires_at = excluded.expires_at
      where message_ids.expires_at < extract(epoch from now()) * 1000
     returning project_id, hash`,
    [
      array(inOrder.map((one) => one.projectId)),
      texts(inOrder.map(hashOf)),
      array(inOrder.map((one) => one.uniqueUntil ?? null)),
    ],
  );
  const taken = new Set(rows.map((row) => `${row.project_id}${row.hash}`));
  return messages.filter(
    (one) => one.uniqueUntil === undefined || (wanted.get(place(one)) === one && taken.has(place(one))),
  );
}

const hashOf = ({ event }: NewMessage): string =>
  createHash('sha256')
    .update(JSON.stringify([event.source, event.id]))
    .digest('hex');

async function relay(
  sql: Pool,
  now: number,
  limit: number,
  deliver: (messages: readonly OutboxMessage[]) => Promise<Relayed>,
): Promise<number | null> {
  // Most looks find nothing: no transaction for them.
  const [waiting] = await sql`select exists (select from outbox) as some`;
  if (!waiting?.some) return 0;
  return await sql.begin(async (tx) => {
    await tx.unsafe(`set local idle_in_transaction_session_timeout = ${SILENT_MS}`);
    const [turn] = await tx`select pg_try_advisory_xact_lock(${LOCK}::bigint) as mine`;
    if (!turn?.mine) return null;
    // A statement of its own: it must see what the process before has deleted.
    const messages = await oldest(tx, now, limit);
    if (messages.length === 0) return 0;
    const { done, putOff, letters = [], messages: told = [] } = await deliver(messages);
    await runAll(tx, [...insertLetters(letters), ...insertMessages(told)]);
    if (told.length > 0) await notify(tx, 'messages');
    await Promise.all([remove(tx, done), postpone(tx, putOff)]);
    return messages.length;
  });
}

async function setAside(tx: Sql, left: readonly LeftMessage[]): Promise<number> {
  const ids = left.map(({ letter }) => letter.id);
  const rows = await tx`select id from dead_letter_queue where id = any(${array(ids)}::uuid[])`;
  const known = new Set(rows.map((row) => row.id as string));
  const fresh = left.filter(({ letter }, at) => !known.has(letter.id) && ids.indexOf(letter.id) === at);
  const messages = fresh.flatMap((one) => one.messages);
  await runAll(tx, [...insertLetters(fresh.map(({ letter }) => letter)), ...insertMessages(messages)]);
  if (messages.length > 0) await notify(tx, 'messages');
  return fresh.length;
}

/**
 * What is visible, by place: that is enough to keep messages of a key in order. One transaction that committed before
 * another wrote has the smaller places and is seen by whoever sees the other; those at the same time have no order.
 */
async function oldest(tx: Sql, now: number, limit: number): Promise<OutboxMessage[]> {
  const rows = await tx`
    select o.id, o.project_id, o.event, o.attempts from outbox o
     where (o.retry_at is null or o.retry_at <= ${now})
       and not exists (select from outbox h
                        where h.project_id = o.project_id and h.key = o.key and h.id < o.id and h.retry_at > ${now})
     order by o.id limit ${limit}`;
  return rows.map((row) => ({ id: row.id, projectId: row.project_id, event: row.event, attempts: row.attempts }));
}

async function remove(tx: Sql, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await tx.unsafe('delete from outbox where id = any($1::bigint[])', [array(ids)]);
}

async function postpone(tx: Sql, putOff: readonly PutOff[]): Promise<void> {
  if (putOff.length === 0) return;
  await tx.unsafe(
    `update outbox o set attempts = o.attempts + 1, retry_at = p.until, error = p.error::json
       from unnest($1::bigint[], $2::bigint[], string_to_array($3, e'\\x1e')) p (id, until, error)
      where o.id = p.id`,
    [
      array(putOff.map((one) => one.id)),
      array(putOff.map((one) => one.until)),
      texts(putOff.map((one) => JSON.stringify(one.error))),
    ],
  );
}

async function lag(sql: Sql): Promise<number> {
  const [oldest] = await sql`
    select extract(epoch from clock_timestamp() - created_at) * 1000 as ms from outbox order by id limit 1`;
  return oldest === undefined ? 0 : Math.max(0, Math.round(Number(oldest.ms)));
}
