import { createHash } from 'node:crypto';
import type { FileStore, StoredFile } from '../../ports/files.ts';
import { texts } from './columns.ts';
import { guarded } from './failures.ts';
import type { Pool, Row } from './sql.ts';

export function fileStore(sql: Pool): FileStore {
  return {
    put: ({ projectId, mediaType, data, isUpload }) =>
      guarded(async () => {
        const hash = createHash('sha256').update(data).digest('hex');
        await sql`
          insert into files as f (project_id, hash, media_type, size, data, uploaded)
          values (${projectId}, ${hash}, ${mediaType}, ${data.length}, ${data}, ${isUpload})
          on conflict (project_id, hash) do update
             set media_type = excluded.media_type, uploaded = f.uploaded or excluded.uploaded, used_at = now()`;
        return { hash, mediaType, size: data.length };
      }),
    get: (projectId, hash) =>
      guarded(async () => {
        const [row] = await sql`
          select hash, media_type, size, data, not uploaded and used_at < now() - interval '1 hour' as stale
            from files where project_id = ${projectId} and hash = ${hash}`;
        if (row?.stale) await sql`update files set used_at = now() where project_id = ${projectId} and hash = ${hash}`;
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
