import type { AccessStore, NewKey } from '../../ports/store.ts';
import { guarded } from './failures.ts';
import type { Pool, Sql } from './sql.ts';

export function accessStore(sql: Pool): AccessStore {
  return {
    projectOf: (hash) =>
      guarded(async () => {
        const [row] = await sql`select project_id from api_keys where hash = ${hash}`;
        return row?.project_id as string | undefined;
      }),
    keyName: (hash) =>
      guarded(async () => {
        const [row] = await sql`select name from api_keys where hash = ${hash}`;
        return row?.name as string | undefined;
      }),
    addKey: (key) => guarded(() => insertKey(sql, key)),
    addFirstKey: (key) => guarded(() => sql.begin((tx) => insertFirst(tx, key))),
    signingKey: (projectId, fresh) => guarded(() => signingKey(sql, projectId, fresh)),
    isEmpty: () => guarded(() => isEmpty(sql)),
  };
}

async function insertFirst(tx: Sql, key: NewKey): Promise<boolean> {
  await tx`lock table api_keys in share row exclusive mode`;
  if (!(await isEmpty(tx))) return false;
  await insertKey(tx, key);
  return true;
}

async function insertKey(sql: Sql, { id, projectId, name, hash }: NewKey): Promise<void> {
  await sql`insert into api_keys (id, project_id, name, hash) values (${id}, ${projectId}, ${name}, ${hash})`;
}

async function isEmpty(sql: Sql): Promise<boolean> {
  const rows = await sql`select 1 as one from api_keys limit 1`;
  return rows.length === 0;
}

async function signingKey(sql: Sql, projectId: string, fresh: string | undefined): Promise<string | undefined> {
  const read = async () => (await sql`select key from signing_keys where project_id = ${projectId}`)[0]?.key;
  const known = await read();
  if (known !== undefined || fresh === undefined) return known;
  await sql`insert into signing_keys (project_id, key) values (${projectId}, ${fresh}) on conflict do nothing`;
  return await read();
}
