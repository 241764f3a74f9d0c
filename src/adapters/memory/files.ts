import { createHash } from 'node:crypto';
import type { FileStore } from '../../ports/files.ts';
import type { Database } from './database.ts';

export function fileStore({ files }: Database): FileStore {
  const place = (projectId: string, hash: string): string => `${projectId} ${hash}`;
  return {
    put: async ({ projectId, mediaType, data }) => {
      const hash = createHash('sha256').update(data).digest('hex');
      const file = { hash, mediaType, size: data.length };
      files.set(place(projectId, hash), { ...file, data: Uint8Array.from(data) });
      return file;
    },
    get: async (projectId, hash) => files.get(place(projectId, hash)),
    find: async (projectId, hashes) =>
      [...new Set(hashes)]
        .map((hash) => files.get(place(projectId, hash)))
        .filter((file) => file !== undefined)
        .map(({ hash, mediaType, size }) => ({ hash, mediaType, size }))
        .sort((a, b) => (a.hash < b.hash ? -1 : 1)),
  };
}
