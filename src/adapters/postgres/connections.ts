/** Connections: whoever writes secrets says which ones he has read, so that no change is lost to another. */
import { MyelinError } from '../../core/errors.ts';
import { isUuid } from '../../core/uuid.ts';
import type { Connection, ConnectionStore } from '../../ports/connections.ts';
import { brokenUnique, guarded } from './failures.ts';
import type { Pool, Row } from './sql.ts';
import { notify } from './wake.ts';

export function connectionStore(sql: Pool): ConnectionStore {
  return {
    create: (one) =>
      guarded(async () => {
        await named(() => create(sql, one));
        await notify(sql, 'triggers');
      }),
    get: (projectId, idOrName) =>
      guarded(async () => {
        const [row] = await sql`
          select * from connections
           where project_id = ${projectId} and ${isUuid(idOrName) ? sql`id = ${idOrName}` : sql`name = ${idOrName}`}`;
        return row && toConnection(row);
      }),
    list: (projectId, { after, limit }) =>
      guarded(async () => {
        const rows = await sql`
          select * from connections
           where project_id = ${projectId} ${after === undefined ? sql`` : sql`and name collate "C" > ${after}`}
           order by name collate "C" limit ${limit}`;
        return rows.map(toConnection);
      }),
    update: ({ projectId, id, name, config, secretFields, sealed, updatedAt }, was) =>
      guarded(() =>
        named(async () => {
          const rows = await sql`
            update connections
               set name = ${name}, config = ${JSON.stringify(config)}::text::jsonb, secret_fields = ${secretFields}::text[],
                   sealed = ${sealed.data}, key_version = ${sealed.keyVersion}, updated_at = ${updatedAt}, last_test = null
             where project_id = ${projectId} and id = ${id} and sealed = ${was.data}
            returning 1 as one`;
          await notify(sql, 'triggers');
          return rows.length > 0;
        }),
      ),
    reseal: ({ projectId, id }, was, sealed) =>
      guarded(async () => {
        const rows = await sql`
          update connections set sealed = ${sealed.data}, key_version = ${sealed.keyVersion}
           where project_id = ${projectId} and id = ${id} and sealed = ${was.data}
          returning 1 as one`;
        return rows.length > 0;
      }),
    noteTest: ({ projectId, id }, lastTest, updatedAt) =>
      guarded(async () => {
        await sql`
          update connections set last_test = ${JSON.stringify(lastTest)}::text::jsonb
           where project_id = ${projectId} and id = ${id} and updated_at = ${updatedAt}`;
      }),
    delete: (projectId, id) =>
      guarded(async () => {
        const rows = await sql`
          delete from connections where project_id = ${projectId} and id = ${id} returning 1 as one`;
        return rows.length > 0;
      }),
    sealedOtherwise: (keyVersion, limit, after) =>
      guarded(async () => {
        const rows = await sql`
          select * from connections
           where key_version <> ${keyVersion} ${after === undefined ? sql`` : sql`and id > ${after}`}
           order by id limit ${limit}`;
        return rows.map(toConnection);
      }),
    keyVersions: () =>
      guarded(async () => {
        const rows = await sql`select distinct key_version from connections order by key_version`;
        return rows.map(({ key_version }) => key_version);
      }),
  };
}

async function create(sql: Pool, one: Connection): Promise<void> {
  const { id, projectId, name, type, config, secretFields, sealed, createdAt, updatedAt } = one;
  await sql`
    insert into connections
           (id, project_id, name, type, config, secret_fields, sealed, key_version, created_at, updated_at)
    values (${id}, ${projectId}, ${name}, ${type}, ${JSON.stringify(config)}::text::jsonb, ${secretFields}::text[],
            ${sealed.data}, ${sealed.keyVersion}, ${createdAt}, ${updatedAt})`;
}

async function named<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (brokenUnique(error) === 'connections_project_id_name_key') throw new MyelinError('connection_exists');
    throw error;
  }
}

const toConnection = (row: Row): Connection => ({
  id: row.id,
  projectId: row.project_id,
  name: row.name,
  type: row.type,
  config: row.config,
  secretFields: row.secret_fields,
  sealed: { data: new Uint8Array(row.sealed), keyVersion: row.key_version },
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  lastTest: row.last_test,
});
