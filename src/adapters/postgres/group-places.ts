/** Places of groups in the lanes of the log. */
import type { GroupStart } from '../../core/event-group.ts';
import type { GroupRef } from '../../ports/event-groups.ts';
import { array } from './columns.ts';
import type { Sql } from './sql.ts';

/** `at` in milliseconds: when the last before it was written. */
export interface NewPlace {
  readonly lane: number;
  readonly tx: string;
  readonly id: number;
  readonly at: number;
}

/**
 * Where a group of the project has to begin, lane by lane, never further than the relay is. A time is found as brokers
 * find it: before the first message of the lane that was written then or later.
 */
export async function placesFrom(
  sql: Sql,
  projectId: string,
  start: Exclude<GroupStart, 'latest'>,
  now: number,
): Promise<NewPlace[]> {
  const from = new Date(start === 'earliest' ? 0 : start).toISOString();
  const rows = await sql`
    select c.lane, f.created_at,
           (case when (f.tx, f.id) <= (c.tx, c.id) then f.tx else c.tx end)::text as tx,
           case when (f.tx, f.id) <= (c.tx, c.id) then f.id - 1 else c.id end as id
      from message_lanes c
      left join lateral (
        select m.tx, m.id, m.created_at from messages m
         where m.lane = c.lane and m.project_id = ${projectId} and m.created_at >= ${from}::timestamptz
         order by m.tx, m.id limit 1) f on true
     order by c.lane`;
  return rows.map(({ lane, tx, id, created_at }) => ({ lane, tx, id, at: created_at?.getTime() ?? now }));
}

export async function addPlaces(sql: Sql, { projectId, name }: GroupRef, places: readonly NewPlace[]): Promise<void> {
  await sql`
    insert into event_group_places (project_id, name, lane, tx, id, at)
    select ${projectId}::uuid, ${name}, lane, tx::xid8, id, at
      from unnest(${array(places.map(({ lane }) => lane))}::int[],
                  string_to_array(${places.map(({ tx }) => tx).join(',')}, ','),
                  ${array(places.map(({ id }) => id))}::bigint[], ${array(places.map(({ at }) => at))}::bigint[])
           n (lane, tx, id, at)`;
}
