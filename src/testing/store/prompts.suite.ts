import { describe, expect, test } from 'vitest';
import type { Store } from '../../ports/store.ts';
import { NOW, newId, newName } from '../factories.ts';

export function promptSuite(store: () => Store): void {
  describe('prompts', () => {
    const prompts = () => store().prompts;
    const save = (projectId: string, name: string, text: string, note: string | null = null) =>
      prompts().save({ projectId, name, text, note, createdAt: NOW });

    test('are none before they are saved', async () => {
      const [projectId, name] = [newId(), newName()];
      expect(await prompts().get(projectId, name)).toBeUndefined();
      expect(await prompts().list(projectId, { limit: 10 })).toEqual([]);
      expect(await prompts().versions(projectId, name, 10)).toEqual([]);
      expect(await prompts().activate(projectId, name, 1)).toBeUndefined();
      expect(await prompts().delete(projectId, name)).toBe(false);
    });

    test('each save is a version, and the active one', async () => {
      const [projectId, name] = [newId(), newName()];
      const first = { projectId, name, version: 1, text: 'One {{ $json }}', note: null, createdAt: NOW };
      expect(await save(projectId, name, first.text)).toEqual({ ...first, active: 1 });
      expect(await save(projectId, name, 'Two\n"é"\u001e', 'shorter')).toMatchObject({ version: 2, active: 2 });
      expect(await prompts().get(projectId, name)).toMatchObject({ version: 2, text: 'Two\n"é"\u001e', active: 2 });
      expect(await prompts().get(projectId, name, 1)).toEqual({ ...first, active: 2 });
      expect(await prompts().get(projectId, name, 3)).toBeUndefined();
      expect(await prompts().versions(projectId, name, 10)).toEqual([
        { version: 2, note: 'shorter', createdAt: NOW },
        { version: 1, note: null, createdAt: NOW },
      ]);
      expect(await prompts().versions(projectId, name, 1)).toHaveLength(1);
    });

    test('an older version is activated, and what is not there is not', async () => {
      const [projectId, name] = [newId(), newName()];
      await save(projectId, name, 'One');
      await save(projectId, name, 'Two');
      expect(await prompts().activate(projectId, name, 1)).toMatchObject({ version: 1, text: 'One', active: 1 });
      expect(await prompts().get(projectId, name)).toMatchObject({ version: 1 });
      expect(await prompts().activate(projectId, name, 9)).toBeUndefined();
      expect(await save(projectId, name, 'Three')).toMatchObject({ version: 3, active: 3 });
    });

    test('saves at the same time get numbers of their own', async () => {
      const [projectId, name] = [newId(), newName()];
      const saved = await Promise.all(Array.from({ length: 10 }, (_, n) => save(projectId, name, `${n}`)));
      expect(saved.map(({ version }) => version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await prompts().get(projectId, name)).toMatchObject({ version: 10 });
    });

    test('one that was deleted is gone, and its numbers are not given again', async () => {
      const [projectId, name] = [newId(), newName()];
      await save(projectId, name, 'One');
      expect(await prompts().delete(projectId, name)).toBe(true);
      expect(await prompts().delete(projectId, name)).toBe(false);
      expect(await prompts().get(projectId, name)).toBeUndefined();
      expect(await prompts().get(projectId, name, 1)).toBeUndefined();
      expect(await prompts().activate(projectId, name, 1)).toBeUndefined();
      expect(await prompts().list(projectId, { limit: 10 })).toEqual([]);
      expect(await save(projectId, name, 'Anew')).toMatchObject({ version: 2, active: 2 });
    });

    test('are listed by name, page by page, each project its own', async () => {
      const [projectId, other] = [newId(), newId()];
      for (const name of ['b', 'a.x', 'a-x', 'c']) await save(projectId, name, name);
      await save(projectId, 'b', 'again');
      await save(other, 'a', 'foreign');
      const first = await prompts().list(projectId, { limit: 3 });
      expect(first.map(({ name, version }) => [name, version])).toEqual([
        ['a-x', 1],
        ['a.x', 1],
        ['b', 2],
      ]);
      expect((await prompts().list(projectId, { limit: 3, after: 'b' })).map(({ name }) => name)).toEqual(['c']);
      expect(await prompts().get(other, 'b')).toBeUndefined();
      expect(await prompts().delete(other, 'b')).toBe(false);
      expect(await prompts().activate(other, 'b', 1)).toBeUndefined();
    });
  });
}
