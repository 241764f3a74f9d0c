import type { Delivery, DeliveryStore, NewDelivery } from '../../ports/deliveries.ts';
import { guarded } from './failures.ts';
import { insertBlobs, spilled } from './insert-blobs.ts';
import { type Pool, type Row, runAll, type Sql } from './sql.ts';

export function deliveryStore(sql: Pool): DeliveryStore {
  return {
    note: (one, data) =>
      guarded(async () => {
        const blob = data === null ? null : spilled(one.projectId, data);
        const kept = blob === null ? { data, blob } : { data: null, blob: blob.hash };
        const row = { ...kept, key: null };
        if (blob === null) return void (await insert(sql, one, row));
        await sql.begin(async (tx) => {
          await runAll(tx, insertBlobs([blob]));
          await insert(tx, one, row);
        });
      }),
    list: (projectId, { connection, executionId, failed, before, limit }) =>
      guarded(async () => {
        const rows = await sql`
          select ${columns(sql)} from webhook_deliveries d
           where project_id = ${projectId}
             ${connection === undefined ? sql`` : sql`and connection = ${connection}`}
             ${executionId === undefined ? sql`` : sql`and execution_id = ${executionId}`}
             ${failed === true ? sql`and (status is null or status >= 300)` : sql``}
             ${before === undefined ? sql`` : sql`and id < ${before}`}
           order by id desc limit ${limit}`;
        return rows.map(toDelivery);
      }),
    get: (projectId, id) =>
      guarded(async () => {
        const [row] = await sql`
          select ${columns(sql)}, f.at as said_at, coalesce(f.data, b.data) as said
            from webhook_deliveries d
            join webhook_deliveries f on f.project_id = d.project_id and f.id = coalesce(d.repeats, d.id)
            left join blobs b on b.project_id = f.project_id and b.hash = f.blob
           where d.project_id = ${projectId} and d.id = ${id}`;
        if (row === undefined) return undefined;
        const said = row.said === null ? null : { data: row.said as string, at: row.said_at as number };
        return { delivery: toDelivery(row), said };
      }),
    begin: (one, key) =>
      guarded(async () => {
        const written = await insert(sql, one, { data: null, blob: null, key });
        if (written.length > 0) return undefined;
        const [row] = await sql`
          select ${columns(sql)} from webhook_deliveries d
           where project_id = ${one.projectId} and repeats = ${one.repeats} and key = ${key}`;
        return row && toDelivery(row);
      }),
    settle: ({ projectId, id, status, error, response, durationMs }) =>
      guarded(async () => {
        await sql`
          update webhook_deliveries
             set status = ${status}, error = ${error}, response = ${response}, duration_ms = ${durationMs}
           where project_id = ${projectId} and id = ${id}`;
      }),
  };
}

interface Kept {
  readonly data: string | null;
  readonly blob: string | null;
  readonly key: string | null;
}

/** A row, unless the same key has one. */
const insert = (sql: Sql, one: NewDelivery, { data, blob, key }: Kept) => sql`
  insert into webhook_deliveries (id, project_id, execution_id, path, attempt, connection, type, message_id, repeats,
                                  status, error, response, duration_ms, at, data, blob, key)
  values (${one.id}, ${one.projectId}, ${one.executionId}, ${one.path}, ${one.attempt}, ${one.connection}, ${one.type},
          ${one.messageId}, ${one.repeats}, ${one.status}, ${one.error}, ${one.response}, ${one.durationMs}, ${one.at},
          ${data}, ${blob}, ${key})
  on conflict do nothing returning id`;

/** Without what they said, which may be long. */
const columns = (sql: Sql) => sql`
  d.id, d.project_id, d.execution_id, d.path, d.attempt, d.connection, d.type, d.message_id, d.repeats, d.status, d.error,
  d.response, d.duration_ms, d.at, coalesce(d.data, d.blob, d.repeats::text) is not null as kept`;

const toDelivery = (row: Row): Delivery => ({
  id: row.id,
  projectId: row.project_id,
  executionId: row.execution_id,
  path: row.path,
  attempt: row.attempt,
  connection: row.connection,
  type: row.type,
  messageId: row.message_id,
  repeats: row.repeats,
  status: row.status,
  error: row.error,
  response: row.response,
  durationMs: row.duration_ms,
  at: Number(row.at),
  isKept: row.kept,
});
