/** Flow control of a batch: who waits with a ticket from now on, who gives up its slots, who takes them again. */
import type { Ticket } from '../../core/flow/ticket.ts';
import type { Commit } from '../../ports/store.ts';
import { array, texts } from './columns.ts';
import { type Query, query } from './query.ts';

export function insertTickets(commits: readonly Commit[]): Query[] {
  const held = commits.filter((one) => one.create?.ticket !== undefined);
  if (held.length === 0) return [];
  const tickets = held.map((one) => one.create?.ticket as Ticket);
  // In the order given, which is that of acceptance: positions are drawn row by row.
  return [
    query(
      `insert into flow_queue (execution_id, project_id, lane, depth, ticket)
     select execution_id, project_id, lane, depth, ticket::json
       from unnest($1::uuid[], $2::uuid[], string_to_array($3, e'\\x1e'), $4::int[], string_to_array($5, e'\\x1e'))
            with ordinality n (execution_id, project_id, lane, depth, ticket, place)
      order by place`,
      [
        array(held.map((one) => one.executionId)),
        array(held.map((one) => one.projectId)),
        texts(tickets.map((one) => one.lane)),
        array(tickets.map((one) => one.depth)),
        texts(tickets.map((one) => JSON.stringify(one))),
      ],
    ),
  ];
}

export function freeSlots(commits: readonly Commit[]): Query[] {
  const ended = commits.filter((one) => one.frees);
  if (ended.length === 0) return [];
  return [
    query(
      `with left_queue as (delete from flow_queue where execution_id = any($1::uuid[]))
     delete from flow_slots where execution_id = any($1::uuid[]) and expires_at is null`,
      [array(ended.map((one) => one.executionId))],
    ),
  ];
}

export function takeSlotsAgain(commits: readonly Commit[]): Query[] {
  const slots = commits.flatMap((one) => (one.takes ?? []).map((lane) => ({ one, lane })));
  if (slots.length === 0) return [];
  return [
    query(
      `insert into flow_slots (lane, execution_id, project_id)
     select * from unnest(string_to_array($1, e'\\x1e'), $2::uuid[], $3::uuid[])
     on conflict do nothing`,
      [
        texts(slots.map(({ lane }) => lane)),
        array(slots.map(({ one }) => one.executionId)),
        array(slots.map(({ one }) => one.projectId)),
      ],
    ),
  ];
}
