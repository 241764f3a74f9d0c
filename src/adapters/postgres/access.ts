import type { AccessStore } from '../../ports/store.ts';
import { guarded } from './failures.ts';
import type { Sql } from './sql.ts';

export function accessStore(sql: Sql): AccessStore {
  return {
    projectOf: (hash) =>
      guarded(async () => {
        const [row] = await sql`select project_id from api_keys where hash = ${hash}`;
        return row?.project_id as string | undefined;
      }),
    addKey: ({ id, projectId, name, hash }) =>
      guarded(async () => {
        await sql`insert into api_keys (id, project_id, name, hash) values (${id}, ${projectId}, ${name}, ${hash})`;
      }),
    isEmpty: () =>
      guarded(async () => {
        const rows = await sql`select 1 as one from api_keys limit 1`;
        return rows.length === 0;
      }),
  };
}
