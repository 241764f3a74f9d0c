import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../ports/store.ts';
import { newId } from '../factories.ts';

export function fileSuite(store: () => Store): void {
  describe('files', () => {
    const files = () => store().files;
    const data = Uint8Array.from({ length: 300_000 }, (_, n) => n % 251);
    const hash = createHash('sha256').update(data).digest('hex');

    test('come back byte by byte under the hash of their content', async () => {
      const projectId = newId();
      const file = { hash, mediaType: 'image/png', size: data.length };
      expect(await files().put({ projectId, mediaType: 'image/png', data, isUpload: true })).toEqual(file);
      const found = await files().get(projectId, hash);
      expect(found).toMatchObject(file);
      expect(Buffer.compare(Buffer.from(found!.data), Buffer.from(data))).toBe(0);
    });

    test('one of 50 MB is whole', { timeout: 30_000 }, async () => {
      const [projectId, large] = [newId(), Buffer.alloc(50_000_000, data)];
      const { hash: name } = await files().put({
        projectId,
        mediaType: 'application/octet-stream',
        data: large,
        isUpload: true,
      });
      expect(large.equals((await files().get(projectId, name))?.data ?? large.subarray(1))).toBe(true);
    });

    test('the same content is one file, of the media type that was said last', async () => {
      const projectId = newId();
      await files().put({ projectId, mediaType: 'image/png', data, isUpload: true });
      await files().put({ projectId, mediaType: 'image/webp', data, isUpload: true });
      expect(await files().find(projectId, [hash, hash])).toEqual([
        { hash, mediaType: 'image/webp', size: data.length },
      ]);
    });

    test('of another project, or not there, they are not found', async () => {
      const [projectId, other] = [newId(), newId()];
      await files().put({ projectId, mediaType: 'image/png', data, isUpload: true });
      expect(await files().get(other, hash)).toBeUndefined();
      expect(await files().find(other, [hash])).toEqual([]);
      expect(await files().get(projectId, '0'.repeat(64))).toBeUndefined();
      expect(await files().find(projectId, [])).toEqual([]);
    });
  });
}
