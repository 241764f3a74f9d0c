import { createHash } from 'node:crypto';
import type { FileStore, StoredFile } from '../../ports/files.ts';
import { texts } from './columns.ts';
import { guarded } from './failures.ts';
import type { Pool, Row } from './sql.ts';

export function fileStore(sql: Pool): FileStore {
  return {
    put: ({ projectId, mediaType, data }) =>
      guarded(async () => {
        const hash = createHash('sha256').update(data).digest('hex');
        await sql`
          insert into files (project_id, hash, media_type, size, data)
          values (${projectId}, ${hash}, ${mediaType}, ${data.length}, ${data})
          on conflict (project_id, hash) do update set media_type = excluded.media_type`;
        return { hash, mediaType, size: data.length };
      }),
    get: (projectId, hash) =>
      guarded(async () => {
        const [row] = await sql`
          select hash, media_type, size, data from files where project_id = ${projectId} and hash = ${hash}`;
        return row && { ...toFile(row), data: row.data as Uint8Array };
      }),
    find: (projectId, hashes) =>
      guarded(async () => {
        if (hashes.length === 0) return [];
        const rows = await sql`
          select hash, media_type, size from files
           where project_id = ${projectId} and hash = any(string_to_array(${texts(hashes)}, e'\\x1e'))
           order by hash`;
        return rows.map(toFile);
      }),
  };
}

const toFile = ({ hash, media_type, size }: Row): StoredFile => ({ hash, mediaType: media_type, size });
