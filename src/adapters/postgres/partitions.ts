/**
 * Monthly partitions of `events`. The key is the stream's id, a UUIDv7 that begins with 48 bits of milliseconds,
 * so the bounds are the ids that could be made at the turn of a month. What fits nowhere lands in the default one.
 */
import { isObject } from '../../core/json.ts';
import type { Pool, Sql } from './sql.ts';

/** The partitions of the month of `now` (ms) and of the next. */
export async function ensurePartitions(sql: Sql, now: number): Promise<void> {
  const date = new Date(now);
  for (const ahead of [0, 1]) await ensureMonth(sql, date.getUTCFullYear(), date.getUTCMonth() + ahead);
}

async function ensureMonth(sql: Sql, year: number, month: number): Promise<void> {
  const start = Date.UTC(year, month);
  const end = Date.UTC(year, month + 1);
  const name = monthName(year, month);
  const [known] = await sql`select to_regclass(${name}) as found`;
  if (known?.found) return;
  try {
    await sql.unsafe(
      `create table if not exists ${name} partition of events for values from ('${bound(start)}') to ('${bound(end)}')`,
    );
  } catch (error) {
    // Another process made it, or rows of that month already lie in the default partition, where they may stay.
    if (!isObject(error) || !['42P07', '23514', '23505'].includes(String(error.code))) throw error;
  }
}

/** A drop locks all months: how long commits may queue behind its wait, and how long behind the drop itself. */
const LOCK_MS = 300;
const DROP_MS = 1_000;

/**
 * Drops the partitions of months before this one, by the database's clock, in which nothing is left; their names. Every event in one is of
 * an execution or a session of its month, so an empty month with none left gets no event any more. A partition that
 * is in use stays until the next time.
 */
export async function dropEmptyMonths(sql: Pool): Promise<string[]> {
  const months = await sql`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'events'::regclass and c.relname ~ '^events_[0-9]{4}_[0-9]{2}$' and c.relname < 'events_' || to_char(now() at time zone 'utc', 'YYYY_MM')
     order by c.relname`;
  const dropped: string[] = [];
  for (const { name } of months) if (await dropEmptyMonth(sql, name)) dropped.push(name);
  return dropped;
}

/**
 * Whether it is empty is seen before the lock, since that may take long where the rows have just been deleted. A
 * stream that came in between, under an id of that month, is seen under the lock.
 */
async function dropEmptyMonth(sql: Pool, name: string): Promise<boolean> {
  try {
    const left = await sql.unsafe(`select 1 as one from ${name} limit 1`);
    if (left.length > 0 || (await hasStreams(sql, name))) return false;
    return await sql.begin(async (tx) => {
      await tx.unsafe(`set local lock_timeout = ${LOCK_MS}; set local statement_timeout = ${DROP_MS}`);
      await tx.unsafe('lock table only events in access exclusive mode');
      if (await hasStreams(tx, name)) return false;
      await tx.unsafe(`drop table ${name}`);
      return true;
    });
  } catch (error) {
    // Somebody holds it, a backup perhaps, or another process was quicker, or there is too much to look through.
    if (isObject(error) && ['55P03', '57014', '42P01', '40P01'].includes(String(error.code))) return false;
    throw error;
  }
}

async function hasStreams(sql: Sql, partition: string): Promise<boolean> {
  const [year = 0, month = 0] = partition.split('_').slice(1).map(Number);
  const [from, to] = [bound(Date.UTC(year, month - 1)), bound(Date.UTC(year, month))];
  const rows = await sql`
    (select 1 as one from workflow_executions where id >= ${from} and id < ${to} limit 1)
    union all (select 1 from sessions where id >= ${from} and id < ${to} limit 1)`;
  return rows.length > 0;
}

function monthName(year: number, month: number): string {
  return `events_${new Date(Date.UTC(year, month)).toISOString().slice(0, 7).replace('-', '_')}`;
}

/** The smallest id of that millisecond. */
export function bound(ms: number): string {
  const hex = Math.max(0, Math.min(Math.floor(ms), 2 ** 48 - 1))
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
