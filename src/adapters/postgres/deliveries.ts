import type { Delivery, DeliveryStore } from '../../ports/deliveries.ts';
import { guarded } from './failures.ts';
import type { Pool, Row } from './sql.ts';

export function deliveryStore(sql: Pool): DeliveryStore {
  return {
    note: (one) =>
      guarded(async () => {
        await sql`
          insert into webhook_deliveries (id, project_id, execution_id, path, attempt, connection, type, message_id,
                                          status, error, response, duration_ms, at)
          values (${one.id}, ${one.projectId}, ${one.executionId}, ${one.path}, ${one.attempt}, ${one.connection},
                  ${one.type}, ${one.messageId}, ${one.status}, ${one.error}, ${one.response}, ${one.durationMs}, ${one.at})`;
      }),
    list: (projectId, { connection, executionId, failed, before, limit }) =>
      guarded(async () => {
        const rows = await sql`
          select * from webhook_deliveries
           where project_id = ${projectId}
             ${connection === undefined ? sql`` : sql`and connection = ${connection}`}
             ${executionId === undefined ? sql`` : sql`and execution_id = ${executionId}`}
             ${failed === true ? sql`and (status is null or status >= 300)` : sql``}
             ${before === undefined ? sql`` : sql`and id < ${before}`}
           order by id desc limit ${limit}`;
        return rows.map(toDelivery);
      }),
  };
}

const toDelivery = (row: Row): Delivery => ({
  id: row.id,
  projectId: row.project_id,
  executionId: row.execution_id,
  path: row.path,
  attempt: row.attempt,
  connection: row.connection,
  type: row.type,
  messageId: row.message_id,
  status: row.status,
  error: row.error,
  response: row.response,
  durationMs: row.duration_ms,
  at: Number(row.at),
});
