/** What is in the log of messages: for people who look, and for whoever reads it again. */
import { patternRegex } from '../../core/message-pattern.ts';
import type { LoggedMessage, MessageFilter, MessageQuery, MessageRow } from '../../ports/messages.ts';
import type { Row, Sql } from './sql.ts';

export async function listMessages(sql: Sql, query: MessageQuery & { before?: number }): Promise<MessageRow[]> {
  const rows = await sql`
    select id, project_id, event, created_at from messages
     where ${found(sql, query)} and (${query.before ?? null}::bigint is null or id < ${query.before ?? null})
     order by id desc limit ${query.limit}`;
  return rows.map(toRow);
}

export async function readMessages(sql: Sql, query: MessageQuery & { after?: number }): Promise<LoggedMessage[]> {
  const rows = await sql`
    select id, project_id, event from messages
     where ${found(sql, query)} and id > ${query.after ?? 0} order by id limit ${query.limit}`;
  return rows.map((row) => ({ id: row.id, projectId: row.project_id, event: row.event, attempts: 0 }));
}

export async function countMessages(sql: Sql, filter: MessageFilter, limit: number | null = null): Promise<number> {
  const [row] = await sql`
    select count(*)::int as count
      from (select from messages where ${found(sql, filter)} limit ${limit}::bigint) found`;
  return row?.count ?? 0;
}

export async function getMessage(sql: Sql, projectId: string, id: number): Promise<MessageRow | undefined> {
  const [row] = await sql`
    select id, project_id, event, created_at from messages where project_id = ${projectId} and id = ${id}`;
  return row && toRow(row);
}

function found(sql: Sql, { projectId, type, topic, key, from, to }: MessageFilter) {
  const pattern = type?.includes('*') ? patternRegex(type) : null;
  const exact = pattern === null ? (type ?? null) : null;
  return sql`
    project_id = ${projectId}
    and (${exact}::text is null or type = ${exact})
    and (${pattern}::text is null or type ~ ${pattern})
    and (${topic ?? null}::text is null or topic = ${topic ?? null})
    and (${key ?? null}::text is null or key = ${key ?? null})
    and created_at >= ${new Date(from ?? 0).toISOString()}::timestamptz
    and created_at < coalesce(${to === undefined ? null : new Date(to).toISOString()}::timestamptz, 'infinity')`;
}

function toRow(row: Row): MessageRow {
  return { id: row.id, projectId: row.project_id, event: row.event, createdAt: row.created_at.getTime() };
}
