/**
 * A dump carries the transaction ids of messages into a cluster that has not come so far: nobody may read past a
 * transaction that has not begun, and what is written from then on lies before the place of its lane. So they are made
 * the oldest there are, with what was delivered before what was not.
 */

import { lockLanes } from './relay-messages.ts';
import type { Pool, Sql } from './sql.ts';

/** Ids that no transaction of a user has: those of the bootstrap and of what is frozen. */
const DELIVERED = '1';
const WAITING = '2';
const LAST = '9223372036854775807';

/** Before anybody reads. Any number of processes may do it. */
export async function adoptRestored(sql: Pool): Promise<void> {
  if (!(await isRestored(sql))) return;
  await sql.begin(async (tx) => {
    await lockLanes(tx);
    if (!(await isRestored(tx))) return;
    // Before what it has not read, by the order that is left: some comes once more, none is passed over.
    await tx`
      update event_group_places p
         set tx = ${DELIVERED}::text::xid8,
             id = coalesce((select min(m.id) - 1 from messages m
                             where m.lane = p.lane and m.project_id = p.project_id and (m.tx, m.id) > (p.tx, p.id)),
                           ${LAST}::bigint)`;
    await tx`
      update messages m set tx = (case when (m.tx, m.id) <= (c.tx, c.id) then ${DELIVERED} else ${WAITING} end)::text::xid8
        from message_lanes c where c.lane = m.lane`;
    await tx`update message_lanes set tx = ${DELIVERED}::text::xid8, id = ${LAST}`;
  });
}

/** Something is of a transaction that this cluster has not begun. */
async function isRestored(sql: Sql): Promise<boolean> {
  const [row] = await sql`
    select exists (
      select from message_lanes c
       where c.tx >= pg_snapshot_xmax(pg_current_snapshot())
          or exists (select from messages m where m.lane = c.lane and m.tx >= pg_snapshot_xmax(pg_current_snapshot()))
    ) as ahead`;
  return row?.ahead as boolean;
}
