/** Daily partitions of the log of messages, by the time of writing. What fits nowhere lands in the default one. */
import { isObject } from '../../core/json.ts';
import type { Pool, Sql } from './sql.ts';

const DAY_MS = 86_400_000;

/** The partitions of the day of `now` (ms) and of the two after it. */
export async function ensureMessageDays(sql: Sql, now: number): Promise<void> {
  for (const ahead of [0, 1, 2]) await ensureDay(sql, now + ahead * DAY_MS);
}

async function ensureDay(sql: Sql, time: number): Promise<void> {
  const name = dayName(time);
  const [known] = await sql`select to_regclass(${name}) as found`;
  if (known?.found) return;
  const start = time - (time % DAY_MS);
  const [from, to] = [start, start + DAY_MS].map((at) => new Date(at).toISOString());
  try {
    await sql.unsafe(
      `create table if not exists ${name} partition of messages for values from ('${from}') to ('${to}')`,
    );
  } catch (error) {
    // Another process made it, or rows of that day already lie in the default partition, where they may stay.
    if (!isObject(error) || !['42P07', '23514', '23505'].includes(String(error.code))) throw error;
  }
}

/** A drop locks all days: how long writers may queue behind its wait, and how long behind the drop itself. */
const LOCK_MS = 300;
const DROP_MS = 1_000;
/** A day may be large: what a group loses of it is told where that is found out in this time. */
const COUNT_MS = 20_000;

/** Drops the days that end before (ms), and what of that time lies in the default partition, where it is delivered. */
export async function dropMessageDays(sql: Pool, before: number): Promise<void> {
  const days = await sql`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'messages'::regclass and c.relname ~ '^messages_[0-9]{4}_[0-9]{2}_[0-9]{2}$'
       and c.relname < ${dayName(before)} order by c.relname`;
  for (const { name } of days) await unlessBusy(() => dropDay(sql, name));
  const old = `messages_default m join message_lanes c on c.lane = m.lane and (m.tx, m.id) <= (c.tx, c.id)
                 and m.created_at < '${new Date(before).toISOString()}'`;
  const lost = await lostOf(sql, old);
  await unlessBusy(() =>
    sql.begin(async (tx) => {
      await tx.unsafe(`set local lock_timeout = ${LOCK_MS}`);
      await addLost(tx, lost);
      await tx`
        delete from messages_default m using message_lanes c
         where m.created_at < ${new Date(before).toISOString()}::timestamptz
           and c.lane = m.lane and (m.tx, m.id) <= (c.tx, c.id)`;
    }),
  );
}

interface Lost {
  readonly projectId: string;
  readonly name: string;
  readonly count: number;
}

/**
 * What groups would lose that have not read it yet; `messages` is what goes, under the name `m`. Nothing where it takes
 * too long to find out: what goes does not wait for a count.
 */
async function lostOf(sql: Pool, messages: string): Promise<readonly Lost[]> {
  const counted = await unlessBusy(() =>
    sql.begin(async (tx) => {
      await tx.unsafe(`set local lock_timeout = ${LOCK_MS}; set local statement_timeout = ${COUNT_MS}`);
      return await tx.unsafe(
        `select p.project_id, p.name, count(*) as count from ${messages}
           join event_group_places p on p.project_id = m.project_id and p.lane = m.lane and (m.tx, m.id) > (p.tx, p.id)
          group by 1, 2`,
      );
    }),
  );
  return (counted ?? []).map(({ project_id, name, count }) => ({ projectId: project_id, name, count }));
}

/** In the transaction in which it goes, so that nothing is counted twice. */
async function addLost(tx: Sql, lost: readonly Lost[]): Promise<void> {
  for (const { projectId, name, count } of lost) {
    await tx`update event_groups set gone = gone + ${count}::bigint where project_id = ${projectId} and name = ${name}`;
  }
}

/** Nobody writes into a day gone by, so what is delivered now stays so. */
async function dropDay(sql: Pool, name: string): Promise<void> {
  const waiting = await sql.unsafe(
    `select from ${name} m join message_lanes c on c.lane = m.lane where (m.tx, m.id) > (c.tx, c.id) limit 1`,
  );
  if (waiting.length > 0) return;
  const lost = await lostOf(sql, `${name} m`);
  await sql.begin(async (tx) => {
    await tx.unsafe(`set local lock_timeout = ${LOCK_MS}; set local statement_timeout = ${DROP_MS}`);
    await addLost(tx, lost);
    await tx.unsafe(`drop table ${name}`);
  });
}

/** Undefined where somebody holds it, a backup perhaps, or another process was quicker: it stays until the next time. */
async function unlessBusy<T>(operation: () => Promise<T>): Promise<T | undefined> {
  try {
    return await operation();
  } catch (error) {
    if (isObject(error) && ['55P03', '57014', '42P01', '40P01'].includes(String(error.code))) return undefined;
    throw error;
  }
}

const dayName = (ms: number): string => `messages_${new Date(ms).toISOString().slice(0, 10).replaceAll('-', '_')}`;
