import { expect, test } from 'vitest';
import type { AccessStore } from '../ports/store.ts';
import { Access } from './access.ts';

function access(keys: Record<string, string>) {
  const asked: string[] = [];
  const clock = { now: 1_000_000 };
  const store: AccessStore = {
    projectOf: async (hash) => {
      asked.push(hash);
      return keys[hash];
    },
    keyName: async () => 'test',
    addKey: async () => undefined,
    addFirstKey: async () => false,
    signingKey: async () => '',
    isEmpty: async () => false,
  };
  return { access: new Access(store, () => clock.now), asked, clock, keys };
}

/** SHA-256 of `k`. */
const HASH = '8254c329a92850f6d539dd376f4816ee2764517da5e0235514af433164480d7a';

test('a key is known by its hash, remembered for a minute, and then asked for again', async () => {
  const { access: door, asked, clock, keys } = access({ [HASH]: 'p' });
  for (let i = 0; i < 3; i++) expect(await door.projectOf({ authorization: 'Bearer k' })).toBe('p');
  expect(await door.projectOf({ 'x-api-key': 'k' })).toBe('p');
  expect(asked).toEqual([HASH]);
  delete keys[HASH];
  clock.now += 59_999;
  expect(await door.projectOf({ 'x-api-key': 'k' })).toBe('p');
  clock.now += 1;
  await expect(door.projectOf({ 'x-api-key': 'k' })).rejects.toMatchObject({ code: 'unauthorized' });
});

test('what is no key is refused, each time', async () => {
  const { access: door, asked } = access({});
  const none = [
    {},
    { authorization: 'Bearer' },
    { authorization: 'Basic k' },
    { 'x-api-key': '' },
    { 'x-api-key': ['k'] },
  ];
  for (const headers of none) await expect(door.projectOf(headers)).rejects.toMatchObject({ code: 'unauthorized' });
  expect(asked).toEqual([]);
  for (let i = 0; i < 2; i++) await expect(door.projectOf({ 'x-api-key': 'k' })).rejects.toThrow();
  expect(asked).toHaveLength(2);
});
