import { describe, expect, test } from 'vitest';
import type { Connection, Sealed } from '../../ports/connections.ts';
import type { Store } from '../../ports/store.ts';
import { NOW, newId, newName } from '../factories.ts';

const sealed = (keyVersion: number, ...bytes: number[]): Sealed => ({ data: new Uint8Array(bytes), keyVersion });

function newConnection(projectId: string, changes: Partial<Connection> = {}): Connection {
  return {
    ...{ id: newId(), projectId, name: newName(), type: 'postgres', config: { host: 'h', port: 5432 } },
    ...{ secretFields: ['password'], sealed: sealed(1, 0, 255, 7), createdAt: NOW, updatedAt: NOW, lastTest: null },
    ...changes,
  };
}

export function connectionSuite(store: () => Store): void {
  describe('connections', () => {
    const connections = () => store().connections;
    const put = async (projectId: string, changes: Partial<Connection> = {}): Promise<Connection> => {
      const one = newConnection(projectId, changes);
      await connections().create(one);
      return one;
    };

    test('are found by id and name, each project its own', async () => {
      const [projectId, other] = [newId(), newId()];
      const one = await put(projectId);
      expect(await connections().get(projectId, one.id)).toEqual(one);
      expect(await connections().get(projectId, one.name)).toEqual(one);
      expect(await connections().get(other, one.id)).toBeUndefined();
      expect(await connections().get(other, one.name)).toBeUndefined();
      expect(await connections().get(projectId, newId())).toBeUndefined();
      expect(await connections().delete(other, one.id)).toBe(false);
      expect(await connections().update({ ...one, projectId: other }, one.sealed)).toBe(false);
      expect(await connections().reseal({ projectId: other, id: one.id }, one.sealed, sealed(2, 1))).toBe(false);
      expect(await connections().delete(projectId, one.id)).toBe(true);
      expect(await connections().delete(projectId, one.id)).toBe(false);
    });

    test('have names of their own within a project', async () => {
      const [projectId, other] = [newId(), newId()];
      const taken = { code: 'connection_exists' };
      const one = await put(projectId, { name: 'shop' });
      await put(other, { name: 'shop' });
      await expect(put(projectId, { name: 'shop' })).rejects.toMatchObject(taken);
      const second = await put(projectId);
      await expect(connections().update({ ...second, name: 'shop' }, second.sealed)).rejects.toMatchObject(taken);
      expect(await connections().update({ ...one, config: { host: 'i' } }, one.sealed)).toBe(true);
    });

    test('are listed by name, page by page', async () => {
      const projectId = newId();
      for (const name of ['b', 'a.x', 'a-x', 'c']) await put(projectId, { name });
      const names = async (after?: string) => {
        const page = await connections().list(projectId, { limit: 2, ...(after !== undefined && { after }) });
        return page.map(({ name }) => name);
      };
      expect(await names()).toEqual(['a-x', 'a.x']);
      expect(await names('a.x')).toEqual(['b', 'c']);
    });

    test('a change is written where the secrets are those that were read, and forgets the last test', async () => {
      const projectId = newId();
      const one = await put(projectId);
      const lastTest = { ok: true, message: 'fine', details: { ms: 3 }, at: NOW };
      await connections().noteTest(one, lastTest, NOW);
      expect((await connections().get(projectId, one.id))?.lastTest).toEqual(lastTest);
      const changed = { ...one, name: newName(), config: { host: 'i' }, secretFields: [], sealed: sealed(2, 9) };
      expect(await connections().update({ ...changed, updatedAt: NOW + 5 }, one.sealed)).toBe(true);
      expect(await connections().get(projectId, one.id)).toEqual({ ...changed, updatedAt: NOW + 5 });
      expect(await connections().update({ ...one, updatedAt: NOW + 6 }, one.sealed)).toBe(false);
      // Of what it was before.
      await connections().noteTest(one, lastTest, NOW);
      expect((await connections().get(projectId, one.id))?.lastTest).toBeNull();
    });

    test('are sealed anew where nobody was quicker', async () => {
      const projectId = newId();
      const one = await put(projectId, { sealed: sealed(41, 1, 2) });
      const two = await put(projectId, { sealed: sealed(42, 3) });
      const others = async (version: number) =>
        (await connections().sealedOtherwise(version, 1_000)).map(({ id }) => id).filter((id) => mine.has(id));
      const mine = new Set([one.id, two.id]);
      expect(await others(42)).toEqual([one.id]);
      expect(await others(43)).toEqual([one.id, two.id].sort());
      expect((await connections().sealedOtherwise(43, 1_000, one.id)).map(({ id }) => id)).not.toContain(one.id);
      expect(await connections().keyVersions()).toEqual(expect.arrayContaining([41, 42]));
      expect(await connections().reseal(one, sealed(41, 1), sealed(42, 5))).toBe(false);
      expect(await connections().reseal(one, one.sealed, sealed(42, 5))).toBe(true);
      expect(await connections().get(projectId, one.id)).toEqual({ ...one, sealed: sealed(42, 5) });
      expect(await connections().keyVersions()).not.toContain(41);
    });
  });
}
