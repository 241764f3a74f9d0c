import { createHash } from 'node:crypto';
import type { FileStore } from '../../ports/files.ts';
import type { Runtime } from '../../ports/runtime.ts';
import type { Database } from './database.ts';

export function fileStore({ files }: Database, runtime: Pick<Runtime, 'now'>): FileStore {
  const place = (projectId: string, hash: string): string => `${projectId} ${hash}`;
  return {
    put: async ({ projectId, mediaType, data, isUpload }) => {
      const hash = createHash('sha256').update(data).digest('hex');
      const file = { hash, mediaType, size: data.length };
      const found = files.get(place(projectId, hash));
      const isKept = isUpload || (found?.isUpload ?? false);
      const more = { projectId, isUpload: isKept, usedAt: runtime.now() };
      files.set(place(projectId, hash), { ...file, ...more, data: Uint8Array.from(data) });
      return file;
    },
    get: async (projectId, hash) => {
      const found = files.get(place(projectId, hash));
      if (found === undefined) return undefined;
      files.set(place(projectId, hash), { ...found, usedAt: runtime.now() });
      const { mediaType, size, data } = found;
      return { hash, mediaType, size, data };
    },
    find: async (projectId, hashes) =>
      [...new Set(hashes)]
        .map((hash) => files.get(place(projectId, hash)))
        .filter((file) => file !== undefined)
        .map(({ hash, mediaType, size }) => ({ hash, mediaType, size }))
        .sort((a, b) => (a.hash < b.hash ? -1 : 1)),
  };
}
