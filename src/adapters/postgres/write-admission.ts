/** What a look of flow control decided, written set by set. */
import type { Admission } from '../../core/flow/admit.ts';
import { atGates } from '../../core/flow/ticket.ts';
import { array, texts } from './columns.ts';
import { readHistories } from './read-histories.ts';
import type { Sql } from './sql.ts';
import { notify } from './wake.ts';

/** `gone`: tickets of these are removed, where they have nothing to wait for any more. */
export async function writeAdmission(tx: Sql, admission: Admission, gone: ReadonlySet<string>): Promise<void> {
  const { admit, drop } = admission;
  await postGathers(tx, admission);
  await Promise.all([
    begin(tx, admission),
    moveTickets(tx, admission),
    dropTickets(tx, admission),
    keepSince(tx, admission),
    removeStale(tx, gone),
    admit.length + drop.length > 0 && notify(tx),
  ]);
}

async function begin(tx: Sql, { admit }: Admission): Promise<void> {
  if (admit.length === 0) return;
  const slots = admit.flatMap((one) => one.slots.map((slot) => ({ ...slot, executionId: one.executionId })));
  const ids = array(admit.map(({ executionId }) => executionId));
  await Promise.all([
    tx`insert into flow_slots (lane, execution_id, project_id, expires_at)
       select n.lane, n.execution_id, q.project_id, n.expires_at
         from unnest(string_to_array(${texts(slots.map(({ lane }) => lane))}, e'\\x1e'),
                     ${array(slots.map(({ executionId }) => executionId))}::uuid[],
                     ${array(slots.map(({ expiresAt }) => expiresAt))}::bigint[]) n (lane, execution_id, expires_at)
         join flow_queue q on q.execution_id = n.execution_id
       on conflict (lane, execution_id) do update set expires_at = excluded.expires_at`,
    tx`delete from flow_queue where execution_id = any(${ids}::uuid[])`,
    tx`update workflow_executions set held = false where id = any(${ids}::uuid[])`,
  ]);
}

/** To the end of their new lanes, in the order given: positions are drawn row by row. */
async function moveTickets(tx: Sql, { move }: Admission): Promise<void> {
  if (move.length === 0) return;
  const old = await tx`
    delete from flow_queue where execution_id = any(${array(move.map(({ executionId }) => executionId))}::uuid[])
    returning execution_id, project_id, since, queued_at`;
  const byId = new Map(old.map((row) => [row.execution_id as string, row]));
  // One that was canceled meanwhile has lost its ticket already.
  const moved = move.flatMap(({ executionId, gates }) => {
    const row = byId.get(executionId);
    return row === undefined ? [] : [{ row, ticket: { ...atGates(gates), gather: null, size: 0, gates } }];
  });
  await tx`
    insert into flow_queue (execution_id, project_id, lane, depth, ticket, since, queued_at)
    select execution_id, project_id, lane, depth, ticket::json, since, queued_at
      from unnest(${array(moved.map(({ row }) => row.execution_id))}::uuid[],
                  ${array(moved.map(({ row }) => row.project_id))}::uuid[],
                  string_to_array(${texts(moved.map(({ ticket }) => ticket.lane))}, e'\\x1e'),
                  ${array(moved.map(({ ticket }) => ticket.depth))}::int[],
                  string_to_array(${texts(moved.map(({ ticket }) => JSON.stringify(ticket)))}, e'\\x1e'),
                  ${array(moved.map(({ row }) => row.since))}::bigint[],
                  ${array(moved.map(({ row }) => row.queued_at))}::bigint[])
           with ordinality n (execution_id, project_id, lane, depth, ticket, since, queued_at, place)
     order by place`;
}

/** Canceled like by a person: whoever has room takes the signal in, also while the execution is held. */
async function dropTickets(tx: Sql, { drop }: Admission): Promise<void> {
  if (drop.length === 0) return;
  await tx`
    with wanted as (
      select * from unnest(${array(drop.map(({ executionId }) => executionId))}::uuid[],
                           string_to_array(${texts(drop.map(({ reason }) => reason))}, e'\\x1e')) d (id, reason)),
    gone as (
      delete from flow_queue where execution_id = any(array(select id from wanted)) returning execution_id, project_id)
    insert into signals (project_id, execution_id, type, body)
    select g.project_id, g.execution_id, 'cancel', json_build_object('type', 'cancel', 'reason', w.reason)
      from gone g join wanted w on w.id = g.execution_id`;
}

async function keepSince(tx: Sql, { since }: Admission): Promise<void> {
  if (since.length === 0) return;
  await tx`
    update flow_queue q set since = s.since
      from unnest(${array(since.map(({ executionId }) => executionId))}::uuid[],
                  ${array(since.map((one) => one.since))}::bigint[]) s (id, since)
     where q.execution_id = s.id`;
}

/** The first of each batch hears what started the others, before it begins. */
async function postGathers(tx: Sql, { batch }: Admission): Promise<void> {
  if (batch.length === 0) return;
  const histories = await readHistories(
    tx,
    batch.flatMap(({ members }) => members),
  );
  const triggerOf = (id: string) => {
    const [created] = histories.get(id) ?? [];
    return created?.type === 'execution.created' ? created.data.trigger : null;
  };
  const bodies = batch.map(({ members }) => JSON.stringify({ type: 'gather', triggers: members.map(triggerOf) }));
  await tx`
    insert into signals (project_id, execution_id, type, body)
    select q.project_id, q.execution_id, 'gather', n.body::json
      from unnest(${array(batch.map(({ executionId }) => executionId))}::uuid[],
                  string_to_array(${texts(bodies)}, e'\\x1e')) n (id, body)
      join flow_queue q on q.execution_id = n.id`;
}

async function removeStale(tx: Sql, gone: ReadonlySet<string>): Promise<void> {
  if (gone.size === 0) return;
  await tx`
    delete from flow_queue q
     where q.execution_id = any(${array([...gone])}::uuid[])
       and not exists (select from workflow_executions e
                        where e.id = q.execution_id and e.held and e.status = 'pending')`;
}
