/** Flow control: who is admitted, and what people ask about those that wait. */
import type { Ticket } from '../../core/flow/ticket.ts';
import { type FlowPlace, type FlowStore, type LaneCount, MAX_AHEAD } from '../../ports/flow.ts';
import { admit } from './admit.ts';
import { guarded } from './failures.ts';
import type { Pool, Sql } from './sql.ts';

export function flowStore(sql: Pool): FlowStore {
  return {
    admit: (after, lanes, decide) => guarded(() => admit(sql, after, lanes, decide)),
    place: (projectId, executionId) => guarded(() => place(sql, projectId, executionId)),
    lanes: (projectId, limit) => guarded(() => laneCounts(sql, projectId, limit)),
    waiting: () =>
      guarded(async () => {
        const [row] = await sql`select count(*)::int as count from flow_queue`;
        return row?.count as number;
      }),
  };
}

async function place(sql: Sql, projectId: string, executionId: string): Promise<FlowPlace | undefined> {
  const [row] = await sql`
    select q.ticket, q.queued_at, q.since, b.count as ahead
      from flow_queue q
     cross join lateral (select count(*)::int as count
                           from (select from flow_queue a
                                  where a.lane = q.lane and a.position < q.position limit ${MAX_AHEAD}) a) b
     where q.execution_id = ${executionId} and q.project_id = ${projectId}`;
  if (row === undefined) return undefined;
  const { ticket, queued_at: queuedAt, since, ahead } = row;
  return { ticket: ticket as Ticket, ahead, queuedAt, since };
}

/** A ticket that gathers waits in its lane; any other at each of its gates. */
async function laneCounts(sql: Sql, projectId: string, limit: number): Promise<LaneCount[]> {
  const rows = await sql`
    with waits as (
      select w.lane, count(*)::int as waiting
        from flow_queue q
       cross join lateral (select q.lane where q.ticket ->> 'gather' is not null
                           union all
                           select g ->> 'lane' from json_array_elements(q.ticket -> 'gates') g
                            where q.ticket ->> 'gather' is null) w
       where q.project_id = ${projectId}
       group by w.lane),
    slots as (
      select lane, count(*)::int as taken from flow_slots
       where project_id = ${projectId}
         and (expires_at is null or expires_at > extract(epoch from clock_timestamp()) * 1000)
       group by lane)
    select coalesce(w.lane, s.lane) as lane, coalesce(w.waiting, 0) as waiting, coalesce(s.taken, 0) as taken, f.name
      from waits w full join slots s on s.lane = w.lane
      left join workflows f on f.id = split_part(coalesce(w.lane, s.lane), ':', 1)::uuid
     order by 2 desc, 3 desc, 1
     limit ${limit}`;
  return rows.map(({ lane, waiting, taken, name }) => ({ lane, workflowName: name ?? '(deleted)', taken, waiting }));
}
