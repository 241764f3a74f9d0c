/**
 * Monthly partitions of `events`. The key is the stream's id, a UUIDv7 that begins with 48 bits of milliseconds,
 * so the bounds are the ids that could be made at the turn of a month. What fits nowhere lands in the default one.
 */
import { isObject } from '../../core/json.ts';
import type { Sql } from './sql.ts';

/** The partitions of the month of `now` (ms) and of the next. */
export async function ensurePartitions(sql: Sql, now: number): Promise<void> {
  const date = new Date(now);
  for (const ahead of [0, 1]) await ensureMonth(sql, date.getUTCFullYear(), date.getUTCMonth() + ahead);
}

async function ensureMonth(sql: Sql, year: number, month: number): Promise<void> {
  const start = Date.UTC(year, month);
  const end = Date.UTC(year, month + 1);
  const name = `events_${new Date(start).toISOString().slice(0, 7).replace('-', '_')}`;
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

/** The smallest id of that millisecond. */
export function bound(ms: number): string {
  const hex = Math.max(0, Math.min(Math.floor(ms), 2 ** 48 - 1))
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
