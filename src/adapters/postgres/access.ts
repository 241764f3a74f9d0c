import {
  type AccessStore,
  type AddedKey,
  type Key,
  type NewKey,
  type RevokedKey,
  USE_NOTED_MS,
} from '../../ports/access.ts';
import { guarded } from './failures.ts';
import type { Pool, Row, Sql } from './sql.ts';

export function accessStore(sql: Pool): AccessStore {
  return {
    use: (hash, now) => guarded(() => use(sql, hash, now)),
    keyName: (hash) =>
      guarded(async () => {
        const [row] = await sql`select name from api_keys where hash = ${hash}`;
        return row?.name as string | undefined;
      }),
    list: (projectId) =>
      guarded(async () => {
        const rows = await sql`
          select ${columns(sql)}, last_used_at from api_keys
           where project_id = ${projectId} order by created_at desc, id desc`;
        return rows.map((row) => ({ ...toKey(row), lastUsedAt: row.last_used_at }));
      }),
    addKey: (key, most) => guarded(() => sql.begin((tx) => addKey(tx, key, most))),
    revoke: (projectId, id) => guarded(() => sql.begin((tx) => revoke(tx, projectId, id))),
    addFirstKey: (key) => guarded(() => sql.begin((tx) => insertFirst(tx, key))),
    signingKey: (projectId, fresh) => guarded(() => signingKey(sql, projectId, fresh)),
    isEmpty: () => guarded(() => isEmpty(sql)),
  };
}

const columns = (sql: Sql) =>
  sql`id, project_id, name, role, ending, created_by, expires_at,
      round(extract(epoch from created_at) * 1000)::bigint as created_ms`;

function toKey(row: Row): Key {
  return {
    ...{ id: row.id, projectId: row.project_id, name: row.name, role: row.role, ending: row.ending },
    ...{ createdBy: row.created_by, createdAt: row.created_ms, expiresAt: row.expires_at },
  };
}

async function use(sql: Sql, hash: string, now: number): Promise<Key | undefined> {
  const [row] = await sql`
    select ${columns(sql)}, coalesce(last_used_at, 0) <= ${now - USE_NOTED_MS} as is_due from api_keys
     where hash = ${hash} and (expires_at is null or expires_at > ${now})`;
  if (row === undefined) return undefined;
  const key = toKey(row);
  // Whoever has a key is let in, also where the note of it cannot be written.
  if (row.is_due) await noteUse(sql, key, now).catch(() => undefined);
  return key;
}

async function noteUse(sql: Sql, { projectId, id }: Key, now: number): Promise<void> {
  await sql`
    update api_keys set last_used_at = ${now}
     where project_id = ${projectId} and id = ${id} and coalesce(last_used_at, 0) <= ${now - USE_NOTED_MS}`;
}

/** One change of a project's keys at a time: what was counted still holds when it is written. */
async function lockKeys(tx: Sql, projectId: string): Promise<void> {
  await tx`select 1 as one from projects where id = ${projectId} for no key update`;
}

async function addKey(tx: Sql, key: NewKey, most: number): Promise<AddedKey> {
  await lockKeys(tx, key.projectId);
  const [found] = await tx`
    select count(*) as count, coalesce(bool_or(name = ${key.name}), false) as is_taken
      from api_keys where project_id = ${key.projectId}`;
  if (found?.is_taken) return 'taken';
  if (found?.count >= most) return 'full';
  await insertKey(tx, key);
  return 'added';
}

async function revoke(tx: Sql, projectId: string, id: string): Promise<RevokedKey> {
  await lockKeys(tx, projectId);
  const lasting = await tx`
    select id from api_keys where project_id = ${projectId} and role = 'owner' and expires_at is null limit 2`;
  if (lasting.length === 1 && lasting[0]?.id === id) return 'last';
  const gone = await tx`delete from api_keys where project_id = ${projectId} and id = ${id} returning 1 as one`;
  return gone.length > 0 ? 'revoked' : 'gone';
}

async function insertFirst(tx: Sql, key: NewKey): Promise<boolean> {
  await tx`lock table api_keys in share row exclusive mode`;
  if (!(await isEmpty(tx))) return false;
  await insertKey(tx, key);
  return true;
}

async function insertKey(sql: Sql, key: NewKey): Promise<void> {
  const { id, projectId, name, hash, role, ending, createdBy, createdAt, expiresAt } = key;
  await sql`
    insert into api_keys (id, project_id, name, hash, role, ending, created_by, created_at, expires_at)
    values (${id}, ${projectId}, ${name}, ${hash}, ${role}, ${ending}, ${createdBy},
            to_timestamp(${createdAt}::bigint / 1000.0), ${expiresAt})`;
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
