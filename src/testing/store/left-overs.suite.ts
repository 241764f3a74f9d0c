import { describe, expect, test } from 'vitest';
import { withBlob } from '../../core/brokers/decode.ts';
import type { NewLetter } from '../../ports/dead-letters.ts';
import type { StoredFile } from '../../ports/files.ts';
import { DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import { creation, endedCreation, letterOf, NOW, newId } from '../factories.ts';

const DAY = 86_400_000;

/** Dead letters of messages and the files that they were kept as: what goes with no execution. */
export function leftOverSuite(store: () => Store): void {
  describe('left over', () => {
    const { from } = Buffer;
    const keep = (projectId: string, text: string, isUpload = false) =>
      store().files.put({ projectId, mediaType: 'application/octet-stream', data: from(text), isUpload });
    const isThere = async (projectId: string, { hash }: StoredFile) =>
      (await store().files.find(projectId, [hash])).length === 1;

    async function letter(projectId: string, file?: StoredFile): Promise<NewLetter> {
      const message = { id: newId(), value: null, key: null, place: {} };
      const originalEvent = file === undefined ? { data: 'a\u0000b' } : withBlob(message, file);
      const none = { source: 'message', executionId: null, path: null, automatic: false } as const;
      const one = letterOf(creation({ projectId }), { ...none, id: newId(), originalEvent, failedAt: NOW });
      await store().messages.setAside([{ letter: one, messages: [] }]);
      return one;
    }
    const archive = ({ projectId, id }: NewLetter) =>
      store().deadLetters.archive({ projectId, ids: [id], by: null, notes: null, now: NOW + 9 });
    const known = async ({ projectId, id }: NewLetter) => (await store().deadLetters.get(projectId, id)) !== undefined;
    const removeLetters = () => store().retention.removeLetters(NOW + 10, 1_000);
    /** Whatever was put until now. */
    const removeFiles = () => store().retention.removeFiles(Date.now() + DAY, 1_000);

    test('letters of messages go when they are resolved, and have rested so long', async () => {
      const projectId = newId();
      const [open, put, reviewed] = [await letter(projectId), await letter(projectId), await letter(projectId)];
      await archive(put);
      await store().deadLetters.review({ projectId, id: reviewed.id, by: null, notes: null, now: NOW + 9 });
      await store().retention.removeLetters(NOW + 9, 1_000);
      expect(await Promise.all([open, put, reviewed].map(known))).toEqual([true, true, true]);
      expect(await removeLetters()).toBeGreaterThanOrEqual(1);
      expect(await Promise.all([open, put, reviewed].map(known))).toEqual([true, false, true]);
      expect(await removeLetters()).toBe(0);
    });

    test('a letter stays as long as the execution that took its place, and so does its file', async () => {
      const projectId = DEFAULT_PROJECT;
      const file = await keep(projectId, `in its place ${newId()}`);
      const one = await letter(projectId, file);
      const commit = endedCreation({ projectId });
      expect(await store().deadLetters.requeueAs({ projectId, id: one.id, commit, now: NOW + 9 })).toBe(true);
      await removeLetters();
      await removeFiles();
      expect([await known(one), await isThere(projectId, file)]).toEqual([true, true]);
      expect(await store().executions.delete(projectId, commit.executionId)).toBe(true);
      await removeLetters();
      await removeFiles();
      expect([await known(one), await isThere(projectId, file)]).toEqual([false, false]);
    });

    test('a letter of an execution that a person has deleted goes when it is resolved', async () => {
      const first = endedCreation({ projectId: DEFAULT_PROJECT, status: 'failed' });
      const one = letterOf(first);
      await store().executions.commit([{ ...first, letter: one }]);
      await archive(one);
      await removeLetters();
      expect(await known(one)).toBe(true);
      const other = endedCreation({ projectId: DEFAULT_PROJECT, status: 'failed' });
      const orphan = letterOf(other);
      await store().executions.commit([{ ...other, letter: orphan }]);
      await store().executions.delete(DEFAULT_PROJECT, other.executionId);
      await removeLetters();
      expect(await known(orphan)).toBe(true);
      await archive(orphan);
      await removeLetters();
      expect(await known(orphan)).toBe(false);
    });

    test('a file goes with the last letter that has it, in its project', async () => {
      const [projectId, other] = [newId(), newId()];
      const text = `a message ${newId()}`;
      const file = await keep(projectId, text);
      await keep(other, text);
      const [a, b] = [await letter(projectId, file), await letter(projectId, file)];
      await removeFiles();
      expect([await isThere(projectId, file), await isThere(other, file)]).toEqual([true, false]);
      for (const one of [a, b]) {
        expect(await isThere(projectId, file)).toBe(true);
        await archive(one);
        await removeLetters();
        await removeFiles();
      }
      expect(await isThere(projectId, file)).toBe(false);
      await keep(projectId, text);
      expect(Buffer.from((await store().files.get(projectId, file.hash))?.data ?? []).toString()).toBe(text);
    });

    test('one that was put lately stays, so that its letter can be written', async () => {
      const projectId = newId();
      const file = await keep(projectId, `early ${newId()}`);
      await store().retention.removeFiles(Date.now() - DAY, 1_000);
      expect(await isThere(projectId, file)).toBe(true);
    });

    test('what somebody has uploaded stays, whether it was kept before or after', async () => {
      const projectId = newId();
      const [first, second] = [`first ${newId()}`, `second ${newId()}`];
      const files = [await keep(projectId, first), await keep(projectId, second, true)];
      await keep(projectId, first, true);
      await keep(projectId, second);
      await removeFiles();
      expect(await Promise.all(files.map((one) => isThere(projectId, one)))).toEqual([true, true]);
    });

    test('no more at once than wanted', async () => {
      const projectId = newId();
      await removeFiles();
      for (const n of [1, 2, 3]) await keep(projectId, `${n} ${newId()}`);
      const counts = [];
      for (const limit of [2, 2, 2]) counts.push(await store().retention.removeFiles(Date.now() + DAY, limit));
      expect(counts).toEqual([2, 1, 0]);
    });
  });
}
