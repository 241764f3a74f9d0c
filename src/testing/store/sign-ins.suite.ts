import { describe, expect, test } from 'vitest';
import type { NewSignIn } from '../../ports/sign-ins.ts';
import { DEFAULT_PROJECT, type Store } from '../../ports/store.ts';
import { aKey, HOUR, NOW, newId } from '../factories.ts';

export function signInSuite(store: () => Store): void {
  describe('sign-ins', () => {
    const signIns = () => store().signIns;
    const lasting = (expiresAt = NOW + HOUR) => ({ hash: newId(), createdAt: NOW, expiresAt });

    async function addKey(expiresAt: number | null = null): Promise<string> {
      const key = aKey({ expiresAt });
      expect(await store().access.addKey(key, Number.MAX_SAFE_INTEGER)).toBe('added');
      return key.hash;
    }

    /** The hash of a new one. */
    async function add(kind: NewSignIn['kind'], keyHash: string, expiresAt?: number): Promise<string> {
      const one = lasting(expiresAt);
      expect(await signIns().add({ ...one, kind, keyHash })).toMatchObject({ keyHash });
      return one.hash;
    }

    test('a browser acts for the project of its key, until it is removed', async () => {
      const keyHash = await addKey();
      const browser = lasting();
      const signedIn = { projectId: DEFAULT_PROJECT, keyHash, expiresAt: browser.expiresAt };
      expect(await signIns().get(browser.hash, NOW)).toBeUndefined();
      expect(await signIns().add({ ...browser, kind: 'browser', keyHash })).toEqual(signedIn);
      expect(await signIns().get(browser.hash, NOW)).toEqual(signedIn);
      const other = await add('browser', keyHash);
      await signIns().remove(browser.hash);
      expect(await signIns().get(browser.hash, NOW)).toBeUndefined();
      expect(await signIns().get(other, NOW)).toBeDefined();
      await signIns().remove(newId());
    });

    test('nobody signs in by a key that is not there', async () => {
      const browser = lasting();
      expect(await signIns().add({ ...browser, kind: 'browser', keyHash: newId() })).toBeUndefined();
      expect(await signIns().get(browser.hash, NOW)).toBeUndefined();
    });

    test('a link lets one browser in, of any number at once', async () => {
      const keyHash = await addKey();
      const link = await add('link', keyHash);
      const browsers = Array.from({ length: 5 }, () => lasting(NOW + 2 * HOUR));
      const found = await Promise.all(browsers.map((browser) => signIns().redeem(link, browser)));
      expect(found.filter((one) => one !== undefined)).toEqual([
        { projectId: DEFAULT_PROJECT, keyHash, expiresAt: NOW + 2 * HOUR },
      ]);
      const known = await Promise.all(browsers.map(({ hash }) => signIns().get(hash, NOW)));
      expect(known).toEqual(found);
      expect(await signIns().redeem(link, lasting())).toBeUndefined();
    });

    test('a link is no browser, and a browser no link', async () => {
      const keyHash = await addKey();
      const [link, browser] = [await add('link', keyHash), await add('browser', keyHash)];
      expect(await signIns().get(link, NOW)).toBeUndefined();
      expect(await signIns().redeem(browser, lasting())).toBeUndefined();
      expect(await signIns().redeem(newId(), lasting())).toBeUndefined();
      expect(await signIns().get(browser, NOW)).toBeDefined();
      expect(await signIns().redeem(link, lasting())).toBeDefined();
    });

    test('they end with their key, and none is made by one that has expired', async () => {
      const keyHash = await addKey(NOW + 10);
      const [link, browser] = [await add('link', keyHash), lasting()];
      const capped = { projectId: DEFAULT_PROJECT, keyHash, expiresAt: NOW + 10 };
      expect(await signIns().add({ ...browser, kind: 'browser', keyHash })).toEqual(capped);
      expect(await signIns().get(browser.hash, NOW + 9)).toEqual(capped);
      expect(await signIns().get(browser.hash, NOW + 10)).toBeUndefined();
      expect(await signIns().redeem(link, { ...lasting(), createdAt: NOW + 10 })).toBeUndefined();
      const late = { ...lasting(), createdAt: NOW + 10 };
      expect(await signIns().add({ ...late, kind: 'browser', keyHash })).toBeUndefined();
      expect(await signIns().redeem(link, lasting())).toEqual(capped);
    });

    test('they expire, and are tidied away then', async () => {
      const keyHash = await addKey();
      const [link, browser] = [await add('link', keyHash, NOW + 10), await add('browser', keyHash, NOW + 10)];
      expect(await signIns().get(browser, NOW + 9)).toBeDefined();
      expect(await signIns().get(browser, NOW + 10)).toBeUndefined();
      expect(await signIns().redeem(link, { ...lasting(), createdAt: NOW + 10 })).toBeUndefined();
      await store().executions.tidy(NOW + 10);
      expect(await signIns().get(browser, NOW)).toBeDefined();
      await store().executions.tidy(NOW + 11);
      expect(await signIns().get(browser, NOW)).toBeUndefined();
      expect(await signIns().redeem(link, lasting())).toBeUndefined();
    });
  });
}
