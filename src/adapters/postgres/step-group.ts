/**
 * What a group that is not at the head reads by itself, a lane at a time. A group's lane is in the hands of one process,
 * under an advisory lock: a delivery must not keep readers of the log from what others write meanwhile. It never reads
 * past the relay. Where nothing is left between them it waits for the relay's lock of the lane, reads what came
 * meanwhile, and takes its place away: from then on the relay has the group along.
 */
import { patternRegex } from '../../core/message-pattern.ts';
import type { GroupRef, GroupStep } from '../../ports/event-groups.ts';
import type { LoggedMessage, Relayed } from '../../ports/messages.ts';
import { array } from './columns.ts';
import { forgetRetries, type Kept, keepRetries } from './group-retries.ts';
import { insertLetters } from './insert-letters.ts';
import { insertMessages } from './insert-messages.ts';
import { LOCK } from './relay-messages.ts';
import { type Pool, runAll, type Sql } from './sql.ts';
import { notify } from './wake.ts';

/** As of the relay: who was stopped in the middle of a step loses the lane after this. */
const SILENT_MS = 20_000;
/** Messages of a lane that a step goes through, since they may be of other projects; and bytes of those of its own, about. */
const SCANNED = 5_000;
const LARGEST = 8 * 1024 * 1024;
/** Lanes of groups that are tried for a step. */
const TRIED = 50;

/** As text, since a transaction id is larger than a number can hold. */
interface Place extends GroupRef {
  readonly lane: number;
  readonly tx: string;
  readonly id: number;
  readonly at: number;
  readonly heldTo: number;
  /** Of the types that it hears. */
  readonly patterns: readonly string[];
}

interface Read {
  readonly messages: readonly Kept[];
  /** How far that is; `isAll`: as far as the relay. */
  readonly to: { readonly tx: string; readonly id: number; readonly at: number };
  readonly isAll: boolean;
}

export async function stepGroup(
  sql: Pool,
  now: number,
  limit: number,
  deliver: (group: GroupRef, messages: readonly LoggedMessage[]) => Promise<Relayed>,
  hasRoom: (group: GroupRef) => Promise<boolean> = async () => true,
): Promise<GroupStep | undefined> {
  // Most looks find nothing: no transaction for them.
  const busy = await placesWithRoom(sql, now, hasRoom);
  if (busy.length === 0) return undefined;
  return await sql.begin(async (tx) => {
    await tx.unsafe(`set local idle_in_transaction_session_timeout = ${SILENT_MS}`);
    for (const one of busy) {
      const place = await take(tx, one);
      if (place !== undefined) return await step(tx, place, now, limit, deliver);
    }
    return undefined;
  });
}

type Busy = Pick<Place, 'projectId' | 'name' | 'lane'>;

/** However many have none, they keep nobody else from theirs. */
async function placesWithRoom(
  sql: Sql,
  now: number,
  hasRoom: (group: GroupRef) => Promise<boolean>,
): Promise<readonly Busy[]> {
  const full: GroupRef[] = [];
  for (;;) {
    const busy = await busyPlaces(sql, now, full);
    const free: Busy[] = [];
    for (const places of Map.groupBy(busy, ({ projectId, name }) => `${projectId} ${name}`).values()) {
      const [{ projectId, name }] = places as [Busy];
      if (await hasRoom({ projectId, name })) free.push(...places);
      else full.push({ projectId, name });
    }
    if (free.length > 0 || busy.length === 0) return free;
  }
}

const isActive = (sql: Sql) => sql`
  exists (select from triggers t join workflows w on w.id = t.workflow_id and w.status = 'active'
           where t.project_id = p.project_id and t.event_group = p.name)`;

/** With messages before them, with some whose time has come, or with nothing that keeps them from the relay. */
async function busyPlaces(sql: Sql, now: number, but: readonly GroupRef[]): Promise<Busy[]> {
  const rows = await sql`
    select p.project_id, p.name, p.lane from event_group_places p
      join message_lanes c on c.lane = p.lane
      join event_groups g on g.project_id = p.project_id and g.name = p.name
     where ${isActive(sql)}
       and not exists (select from unnest(${but.map(({ projectId }) => projectId)}::text[]::uuid[],
                                          ${but.map(({ name }) => name)}::text[]) b (project_id, name)
                        where b.project_id = p.project_id and b.name = p.name)
       and ((c.tx, c.id) > (p.tx, p.id)
            or not exists (select from event_group_retries r
                            where r.project_id = p.project_id and r.name = p.name and r.lane = p.lane)
               and not exists (select from message_retries r
                                where r.project_id = p.project_id and r.lane = p.lane and r.id <= g.held_to)
            or exists (select from event_group_retries r
                        where r.project_id = p.project_id and r.name = p.name and r.lane = p.lane
                          and ${isDue(sql, now)}))
     order by p.moved_at, p.lane limit ${TRIED}`;
  return rows.map((row) => ({ projectId: row.project_id, name: row.name, lane: row.lane }));
}

/** Of a retry `r`. What waits longer holds back what follows it under its key. */
const isDue = (sql: Sql, now: number) => sql`
  (r.retry_at is null or r.retry_at <= ${now})
  and not exists (select from event_group_retries h
                   where h.project_id = r.project_id and h.name = r.name and h.key = r.key and h.id < r.id
                     and h.retry_at > ${now})`;

/** To be taken by whoever moves the group, before the locks of lanes. */
export const placeLock = ({ projectId, name }: GroupRef, lane: number | string): string =>
  `event-group/${projectId}/${name}/${lane}`;

async function take(tx: Sql, { projectId, name, lane }: Busy): Promise<Place | undefined> {
  const [lock] = await tx`
    select pg_try_advisory_xact_lock(hashtextextended(${placeLock({ projectId, name }, lane)}, 0)) as mine`;
  if (!lock?.mine) return undefined;
  // A statement of its own: it must see what the process before has written.
  const [row] = await tx`
    select p.tx::text as tx, p.id, p.at, g.held_to,
           array(select t.config ->> 'event' from triggers t
                  where t.project_id = p.project_id and t.event_group = p.name) as events
      from event_group_places p
      join event_groups g on g.project_id = p.project_id and g.name = p.name
     where p.project_id = ${projectId} and p.name = ${name} and p.lane = ${lane} and ${isActive(tx)}`;
  if (row === undefined) return undefined;
  const patterns = row.events.map(patternRegex);
  return { projectId, name, lane, tx: row.tx, id: row.id, at: row.at, heldTo: row.held_to, patterns };
}

async function step(
  tx: Sql,
  place: Place,
  now: number,
  limit: number,
  deliver: (group: GroupRef, messages: readonly LoggedMessage[]) => Promise<Relayed>,
): Promise<GroupStep> {
  const { projectId, name, lane } = place;
  const retries = await dueRetries(tx, place, now, limit);
  const isFree = !(await isHeld(tx, place, retries));
  let read = await unread(tx, place, now, limit - retries.length);
  const isNear = isFree && read.isAll;
  if (isNear) {
    await tx`select pg_advisory_xact_lock(${LOCK}::bigint + ${lane})`;
    // The relay has gone on until it let go.
    read = await unread(tx, place, now, limit - retries.length);
  }
  const held = await heldKeys(tx, place, retries);
  const messages = [...retries, ...read.messages.filter(({ event }) => !held.has(event.partitionkey))];
  const relayed = messages.length === 0 ? NOTHING : await deliver({ projectId, name }, messages);
  const { done, putOff, letters = [], messages: told = [] } = relayed;
  const over = new Set(done);
  const kept = [...retries, ...read.messages].filter(({ id }) => !over.has(id));
  const arrived = isNear && read.isAll && kept.length === 0;
  await runAll(tx, [...insertLetters(letters), ...insertMessages(told)]);
  if (told.length > 0) await notify(tx, 'messages');
  // Nobody is there any more where the last trigger of the group was removed meanwhile.
  if (await move(tx, place, arrived ? null : read.to, now)) {
    await forgetRetries(
      tx,
      place,
      retries.filter(({ id }) => over.has(id)),
    );
    await keepRetries(tx, place, kept, putOff);
  }
  return { projectId, name, handed: messages.length, arrived };
}

const NOTHING: Relayed = { done: [], putOff: [] };

async function dueRetries(tx: Sql, { projectId, name, lane }: Place, now: number, limit: number): Promise<Kept[]> {
  const rows = await tx`
    select r.id, r.event, r.attempts, r.created_at from event_group_retries r
     where r.project_id = ${projectId} and r.name = ${name} and r.lane = ${lane} and ${isDue(tx, now)}
     order by r.id limit ${limit}`;
  return rows.map(({ id, event, attempts, created_at }) => ({
    ...{ id, projectId, lane, event, attempts, createdAt: created_at },
  }));
}

/** Something keeps the group from the relay: what it has not got, or what the relay still tries that it got in another turn. */
async function isHeld(tx: Sql, { projectId, name, lane, heldTo }: Place, handed: readonly Kept[]): Promise<boolean> {
  const [row] = await tx`
    select exists (select from event_group_retries
                    where project_id = ${projectId} and name = ${name} and lane = ${lane}
                      and id <> all(${array(handed.map(({ id }) => id))}::bigint[]))
        or exists (select from message_retries
                    where project_id = ${projectId} and lane = ${lane} and id <= ${heldTo}) as held`;
  return row?.held as boolean;
}

/** Keys of which something waits that is not handed over now. */
async function heldKeys(tx: Sql, { projectId, name, lane }: Place, handed: readonly Kept[]): Promise<Set<unknown>> {
  const rows = await tx`
    select distinct key from event_group_retries
     where project_id = ${projectId} and name = ${name} and lane = ${lane} and key is not null
       and id <> all(${array(handed.map(({ id }) => id))}::bigint[])`;
  return new Set(rows.map(({ key }) => key));
}

async function unread(tx: Sql, place: Place, now: number, limit: number): Promise<Read> {
  const { projectId, lane, tx: after, id, at, patterns } = place;
  if (limit <= 0) return { messages: [], to: { tx: after, id, at }, isAll: false };
  const rows = await tx`
    select c.tx::text as lane_tx, c.id as lane_id, r.* from message_lanes c
      left join lateral (
        select id, tx::text as tx, tx as place, mine, case when mine then event end as event, created_at, scanned from (
          select s.*, count(*) over () as scanned, sum(mine::int) over w as nth,
                 sum(case when mine then size else 0 end) over w - size as before
            from (select m.id, m.tx, m.event, m.created_at, pg_column_size(m.event) as size,
                         m.project_id = ${projectId} and m.type ~ any(${[...patterns]}::text[]) as mine
                    from messages m
                   where m.lane = c.lane and (m.tx, m.id) > (${after}::text::xid8, ${id}::bigint)
                     and (m.tx, m.id) <= (c.tx, c.id)
                   order by m.tx, m.id limit ${SCANNED}) s
          window w as (order by tx, id)) n
         where nth <= ${limit} and before < ${LARGEST}) r on true
     where c.lane = ${lane}
     order by r.place, r.id`;
  const found = rows.filter((row) => row.id !== null);
  const [last] = found.slice(-1);
  const isAll = last === undefined || (found.length === last.scanned && last.scanned < SCANNED);
  const [{ lane_tx, lane_id } = { lane_tx: after, lane_id: id }] = rows;
  return {
    messages: found
      .filter(({ mine }) => mine)
      .map((row) => ({ ...{ id: row.id, projectId, lane, event: row.event, attempts: 0, createdAt: row.created_at } })),
    to: isAll ? { tx: lane_tx, id: lane_id, at: now } : { tx: last.tx, id: last.id, at: last.created_at.getTime() },
    isAll,
  };
}

/** Null: it needs no place of its own any more. False where it had none. */
async function move(tx: Sql, { projectId, name, lane }: Place, to: Read['to'] | null, now: number): Promise<boolean> {
  const rows =
    to === null
      ? await tx`
          delete from event_group_places
           where project_id = ${projectId} and name = ${name} and lane = ${lane} returning 1 as one`
      : await tx`
          update event_group_places set tx = ${to.tx}::text::xid8, id = ${to.id}, at = ${to.at}, moved_at = ${now}
           where project_id = ${projectId} and name = ${name} and lane = ${lane} returning 1 as one`;
  return rows.length > 0;
}
