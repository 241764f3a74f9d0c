/** Full-text search over what was said and remembered, in the words of a person (`websearch_to_tsquery`). */
import type { Recalled, RecallQuery } from '../../ports/sessions.ts';
import type { Sql } from './sql.ts';

/** Lines that are ranked at most: words that stand in every line would have them all ranked. */
const RANKED = 5_000;

export async function recall(
  sql: Sql,
  { projectId, text, sessionId, userId, limit }: RecallQuery,
): Promise<Recalled[]> {
  const rows = await sql`
    select f.session_id, s.key, f.seq, f.at, f.kind, f.content
      from websearch_to_tsquery('simple', ${text}) words,
           lateral (select * from message_timeline
                     where numnode(words) > 0 and search @@ words and kind in ('user', 'agent', 'context')
                       and project_id = ${projectId}
                       ${sessionId === undefined ? sql`` : sql`and session_id = ${sessionId}`}
                       ${userId === undefined ? sql`` : sql`and user_id = ${userId}`}
                     limit ${RANKED}) f
      join sessions s on s.id = f.session_id and s.project_id = ${projectId}
     order by ts_rank(f.search, words) desc, f.at desc, f.seq desc
     limit ${limit}`;
  return rows.map((row) => ({
    sessionId: row.session_id,
    sessionKey: row.key,
    seq: row.seq,
    at: row.at,
    kind: row.kind,
    text: row.content,
  }));
}
