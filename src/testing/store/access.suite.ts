import { describe, expect, test } from 'vitest';
import { type NewKey, USE_NOTED_MS } from '../../ports/access.ts';
import { DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import { aKey, HOUR, NOW, newId } from '../factories.ts';

const ANY = Number.MAX_SAFE_INTEGER;

export function accessSuite(store: () => Store): void {
  describe('access', () => {
    const access = () => store().access;
    const use = (hash: string, now = NOW) => access().use(hash, now);
    const listed = async (id: string) => (await access().list(DEFAULT_PROJECT)).find((key) => key.id === id);
    const revoke = (id: string) => access().revoke(DEFAULT_PROJECT, id);

    async function add(over: Partial<NewKey> = {}): Promise<NewKey> {
      const key = aKey(over);
      expect(await access().addKey(key, ANY)).toBe('added');
      return key;
    }

    /** The owners of the project that do not expire are these alone. */
    async function owners(count: number): Promise<NewKey[]> {
      const kept = [];
      for (let i = 0; i < count; i++) kept.push(await add());
      const ids = new Set(kept.map(({ id }) => id));
      for (const { id } of await access().list(DEFAULT_PROJECT)) {
        if (!ids.has(id)) expect(await revoke(id)).toBe('revoked');
      }
      return kept;
    }

    test('a key opens its project, and says what it may', async () => {
      const expected = aKey({ role: 'editor', createdBy: 'owner', expiresAt: NOW + HOUR });
      expect(await use(expected.hash)).toBeUndefined();
      const { hash, ...key } = await add(expected);
      expect(await use(hash)).toEqual(key);
      expect(await use(newId())).toBeUndefined();
      expect(await access().keyName(hash)).toBe(key.name);
      expect(await access().keyName(newId())).toBeUndefined();
      expect(await access().isEmpty()).toBe(false);
    });

    test('a key that has expired opens nothing', async () => {
      const { id, hash } = await add({ expiresAt: NOW + 10 });
      expect(await use(hash, NOW + 9)).toMatchObject({ id });
      expect(await use(hash, NOW + 10)).toBeUndefined();
      expect(await listed(id)).toMatchObject({ expiresAt: NOW + 10, lastUsedAt: NOW + 9 });
    });

    test('keys are listed newest first, without their hashes', async () => {
      const oldest = await add({ createdAt: NOW - 2 * HOUR });
      const newest = await add({ createdAt: NOW + 2 * HOUR, ending: null });
      const middle = await add({ createdAt: NOW - HOUR, role: 'viewer', expiresAt: NOW - 1 });
      const ours = (await access().list(DEFAULT_PROJECT)).filter(({ id }) =>
        [oldest.id, newest.id, middle.id].includes(id),
      );
      const shown = ({ hash: _, ...key }: NewKey) => ({ ...key, lastUsedAt: null });
      expect(ours).toEqual([newest, middle, oldest].map(shown));
      expect(await access().list(newId())).toEqual([]);
    });

    test('the use of a key is noted once a minute', async () => {
      const { id, hash } = await add();
      const noted = async (now: number) => {
        expect(await use(hash, now)).toMatchObject({ id });
        return (await listed(id))?.lastUsedAt;
      };
      expect(await noted(NOW)).toBe(NOW);
      expect(await noted(NOW + USE_NOTED_MS - 1)).toBe(NOW);
      expect(await noted(NOW + USE_NOTED_MS)).toBe(NOW + USE_NOTED_MS);
      expect(await noted(NOW)).toBe(NOW + USE_NOTED_MS);
    });

    test('a project has one key of a name, and as many as it may', async () => {
      const { name } = await add();
      const count = (await access().list(DEFAULT_PROJECT)).length;
      const taken = aKey({ name });
      expect(await access().addKey(taken, ANY)).toBe('taken');
      expect(await use(taken.hash)).toBeUndefined();
      const rivals = Array.from({ length: 4 }, () => aKey());
      const added = await Promise.all(rivals.map((key) => access().addKey(key, count + 1)));
      expect(added.toSorted()).toEqual(['added', 'full', 'full', 'full']);
      const same = Array.from({ length: 4 }, () => aKey({ name: rivals[0]!.id }));
      const named = await Promise.all(same.map((key) => access().addKey(key, ANY)));
      expect(named.toSorted()).toEqual(['added', 'taken', 'taken', 'taken']);
    });

    test('a key that is revoked is gone, with what it let in', async () => {
      const [gone, stays] = [await add({ role: 'viewer' }), await add({ role: 'viewer' })];
      const one = (hash: string) => ({ hash, createdAt: NOW, expiresAt: NOW + HOUR });
      const letIn = async (kind: 'link' | 'browser', keyHash: string) => {
        const { hash } = one(newId());
        expect(await store().signIns.add({ ...one(hash), kind, keyHash })).toBeDefined();
        return hash;
      };
      const [browser, link] = [await letIn('browser', gone.hash), await letIn('link', gone.hash)];
      const other = await letIn('browser', stays.hash);
      expect(await access().revoke(newId(), gone.id)).toBe('gone');
      expect(await use(gone.hash)).toBeDefined();
      expect(await revoke(gone.id)).toBe('revoked');
      expect(await use(gone.hash)).toBeUndefined();
      expect(await listed(gone.id)).toBeUndefined();
      expect(await store().signIns.get(browser, NOW)).toBeUndefined();
      expect(await store().signIns.redeem(link, one(newId()))).toBeUndefined();
      expect(await store().signIns.get(other, NOW)).toBeDefined();
      expect(await revoke(gone.id)).toBe('gone');
    });

    test('the last owner that does not expire stays, whatever else there is', async () => {
      const [owner] = await owners(1);
      const [ending, admin] = [await add({ expiresAt: NOW + HOUR }), await add({ role: 'admin' })];
      expect(await revoke(owner!.id)).toBe('last');
      expect(await use(owner!.hash)).toBeDefined();
      for (const { id } of [ending, admin]) expect(await revoke(id)).toBe('revoked');
      await add();
      expect(await revoke(owner!.id)).toBe('revoked');
    });

    test('of owners that are revoked all at once, one stays', async () => {
      const keys = await owners(4);
      const revoked = await Promise.all(keys.map(({ id }) => revoke(id)));
      expect(revoked.toSorted()).toEqual(['last', 'revoked', 'revoked', 'revoked']);
    });

    test('a first key is refused where there is one', async () => {
      await add();
      const late = aKey();
      expect(await access().addFirstKey(late)).toBe(false);
      expect(await use(late.hash)).toBeUndefined();
    });
  });
}
