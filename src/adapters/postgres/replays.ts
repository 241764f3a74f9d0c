/**
 * Replays. One is in the hands of one process at a time, under an advisory lock: a step writes executions, and a
 * transaction with an id that is open meanwhile would keep the readers of the log from what others write.
 */
import { MAX_REPLAYS, type NewReplay, type Replay, type ReplayStep, type ReplayStore } from '../../ports/replays.ts';
import { guarded } from './failures.ts';
import type { Pool, Row, Sql } from './sql.ts';

/** Who was stopped in the middle of a step loses the replay after this. */
const SILENT_MS = 20_000;

export function replayStore(sql: Pool): ReplayStore {
  return {
    add: (replay) => guarded(() => add(sql, replay)),
    get: (projectId, id) =>
      guarded(async () => {
        const [row] = await sql`select * from message_replays where project_id = ${projectId} and id = ${id}`;
        return row && toReplay(row);
      }),
    list: (projectId, { before, limit }) =>
      guarded(async () => {
        const rows = await sql`
          select * from message_replays
           where project_id = ${projectId} ${before === undefined ? sql`` : sql`and id < ${before}`}
           order by id desc limit ${limit}`;
        return rows.map(toReplay);
      }),
    cancel: (projectId, id, now) =>
      guarded(async () => {
        await sql`
          update message_replays set status = 'canceled', finished_at = ${now}
           where project_id = ${projectId} and id = ${id} and status = 'running'`;
        const [row] = await sql`select * from message_replays where project_id = ${projectId} and id = ${id}`;
        return row && toReplay(row);
      }),
    step: (now, advance) => guarded(() => step(sql, now, advance)),
  };
}

/**
 * The end first, and then the horizon, the first transaction that had not begun: who was given a place up to the end has
 * a transaction before it.
 */
async function add(sql: Sql, one: NewReplay): Promise<Replay | undefined> {
  const { filter, trigger, error } = one;
  const [places] = await sql`select case when is_called then last_value else 0 end as last from message_places`;
  const [row] = await sql`
    insert into message_replays
           (id, project_id, filter, workflow_id, workflow_name, version, trigger, suppressed, status, position,
            end_position, horizon, total, started, skipped, refused, error, created_at, moved_at, finished_at)
    select ${one.id}::uuid, ${one.projectId}::uuid, ${JSON.stringify(filter)}::text::json, ${one.workflowId}::uuid,
           ${one.workflowName}, ${one.version}::int, ${trigger && JSON.stringify(trigger)}::text::json,
           ${one.suppressed}::boolean, ${one.status}, ${one.position}::bigint, ${places?.last}::bigint,
           pg_snapshot_xmax(pg_current_snapshot()), ${one.total}::int,
           ${one.started}::int, ${one.skipped}::int, ${one.refused}::int, ${error && JSON.stringify(error)}::text::json,
           ${one.createdAt}::bigint, ${one.movedAt}::bigint, ${one.finishedAt}::bigint
     where (select count(*) from message_replays where project_id = ${one.projectId} and status = 'running')
             < ${MAX_REPLAYS}
    returning *`;
  return row && toReplay(row);
}

async function step(
  sql: Pool,
  now: number,
  advance: (replay: Replay) => Promise<ReplayStep>,
): Promise<Replay | null | undefined> {
  // Most looks find nothing: no transaction for them.
  const running = await sql`
    select id, ${isSettled(sql)} as settled from message_replays where status = 'running'
     order by settled desc, moved_at limit 100`;
  if (running.length === 0) return undefined;
  const settled = running.filter((row) => row.settled);
  if (settled.length === 0) return null;
  return await sql.begin(async (tx) => {
    await tx.unsafe(`set local idle_in_transaction_session_timeout = ${SILENT_MS}`);
    for (const { id } of settled) {
      const replay = await take(tx, id);
      if (replay !== undefined) return await write(tx, replay, await advance(replay), now);
    }
    return null;
  });
}

/**
 * No message can appear any more before the end: all that was open at the beginning is over. A horizon that this cluster
 * has not come to is of another, from which a dump was restored.
 */
const isSettled = (sql: Sql) => sql`
  (horizon is null or horizon <= pg_snapshot_xmin(pg_current_snapshot())
                   or horizon > pg_snapshot_xmax(pg_current_snapshot()))`;

async function take(tx: Sql, id: string): Promise<Replay | undefined> {
  const [lock] = await tx`select pg_try_advisory_xact_lock(hashtextextended(${`replay/${id}`}, 0)) as mine`;
  if (!lock?.mine) return undefined;
  // A statement of its own: it must see what the process before has written.
  const [row] = await tx`select * from message_replays where id = ${id} and status = 'running'`;
  return row && toReplay(row);
}

async function write(tx: Sql, { projectId, id }: Replay, step: ReplayStep, now: number): Promise<Replay | undefined> {
  const { status, position, started, skipped, refused, error } = step;
  const [row] = await tx`
    update message_replays
       set position = ${position}, started = ${started}, skipped = ${skipped}, refused = ${refused}, moved_at = ${now},
           error = ${error && JSON.stringify(error)}::text::json,
           finished_at = case when status = 'running' and ${status}::text <> 'running' then ${now}::bigint else finished_at end,
           status = case when status = 'running' then ${status}::text else status end
     where project_id = ${projectId} and id = ${id}
    returning *`;
  return row && toReplay(row);
}

const toReplay = (row: Row): Replay => ({
  id: row.id,
  projectId: row.project_id,
  filter: row.filter,
  workflowId: row.workflow_id,
  workflowName: row.workflow_name,
  version: row.version,
  trigger: row.trigger,
  suppressed: row.suppressed,
  status: row.status,
  position: row.position,
  end: row.end_position,
  total: row.total,
  started: row.started,
  skipped: row.skipped,
  refused: row.refused,
  error: row.error,
  createdAt: row.created_at,
  movedAt: row.moved_at,
  finishedAt: row.finished_at,
});
