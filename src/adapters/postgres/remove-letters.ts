/** Dead letters that nothing would remove with an execution, and the files that messages were kept as. */
import type { Sql } from './sql.ts';

/** Milliseconds since the epoch, as a time of the database. */
const timeOf = (ms: number): string => new Date(ms).toISOString();

export async function removeLetters(sql: Sql, before: number, limit: number): Promise<number> {
  const rows = await sql`
    delete from dead_letter_queue d using (
      select id from dead_letter_queue d
       where status in ('RETRIED', 'ARCHIVED') and updated_at < ${before}
         and not exists (select from workflow_executions e where e.id = d.execution_id)
         and not exists (select from workflow_executions e where e.id = d.retried_as)
       order by updated_at limit ${limit} for update skip locked) old
     where d.id = old.id
    returning 1 as one`;
  return rows.length;
}

/**
 * Who puts the same content at this moment either finds it gone and writes it anew, or has made its time new: the row is
 * looked at again when it is locked. A letter that has it is written within a day of that; `before` is earlier.
 */
export async function removeFiles(sql: Sql, before: number, limit: number): Promise<number> {
  const rows = await sql`
    delete from files f using (
      select project_id, hash from files f
       where not uploaded and used_at < ${timeOf(before)}::timestamptz
         and not exists (select from dead_letter_queue d where d.project_id = f.project_id and d.blob = f.hash)
       order by used_at limit ${limit} for update skip locked) old
     where f.project_id = old.project_id and f.hash = old.hash
    returning 1 as one`;
  return rows.length;
}
