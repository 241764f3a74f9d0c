import type { ExecutionEvent } from '../../core/execution/index.ts';
import type { StoredEvent } from '../../ports/store.ts';
import type { Sql } from './sql.ts';

/** Whole histories, by stream. */
export async function readHistories(sql: Sql, ids: readonly string[]): Promise<Map<string, ExecutionEvent[]>> {
  const histories = new Map<string, ExecutionEvent[]>(ids.map((id) => [id, []]));
  if (ids.length === 0) return histories;
  const rows = await sql`
    select e.stream_id, e.seq, e.type, e.at, e.data, b.data as spilled
      from events e left join blobs b on b.hash = e.blob and b.project_id = e.project_id
     where e.stream_id = any(${ids as string[]}::text[]::uuid[])
     order by e.stream_id, e.seq`;
  for (const row of rows) histories.get(row.stream_id as string)?.push(toEvent(row));
  return histories;
}

/** Events of one stream above `after`. */
export async function readEvents(
  sql: Sql,
  projectId: string,
  id: string,
  after: number,
  limit: number,
): Promise<StoredEvent[]> {
  const rows = await sql`
    select e.seq, e.type, e.at, e.data, b.data as spilled
      from events e left join blobs b on b.hash = e.blob and b.project_id = e.project_id
     where e.stream_id = ${id} and e.project_id = ${projectId} and e.seq > ${after}
     order by e.seq
     limit ${limit}`;
  return rows.map((row) => ({ ...toEvent(row), seq: row.seq as number }));
}

function toEvent(row: Record<string, unknown>): ExecutionEvent {
  const data = typeof row.spilled === 'string' ? JSON.parse(row.spilled) : row.data;
  return { type: row.type, at: row.at, data } as ExecutionEvent;
}
