import type { BrokerPlaceStore } from '../../ports/broker-places.ts';
import { array, texts } from './columns.ts';
import { guarded } from './failures.ts';
import type { Pool } from './sql.ts';

export function brokerPlaceStore(sql: Pool): BrokerPlaceStore {
  return {
    read: ({ projectId, triggerId, group }) =>
      guarded(async () => {
        const rows = await sql`
          select place, position from broker_places
           where trigger_id = ${triggerId} and group_name = ${group} and project_id = ${projectId}`;
        return Object.fromEntries(rows.map((row) => [row.place as string, row.position as number]));
      }),
    write: ({ projectId, triggerId, group }, places) =>
      guarded(async () => {
        await sql`
          insert into broker_places (trigger_id, group_name, place, project_id, position)
          select t.id, ${group}, n.place, t.project_id, n.position
            from triggers t,
                 unnest(string_to_array(${texts(Object.keys(places))}, e'\\x1e'), ${array(Object.values(places))}::bigint[])
                   n (place, position)
           where t.id = ${triggerId} and t.project_id = ${projectId}
          on conflict (trigger_id, group_name, place) do update set position = excluded.position`;
      }),
  };
}
