import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AccessStore, Key } from '../ports/access.ts';
import type { SignIn, SignInStore } from '../ports/sign-ins.ts';
import { aKey } from '../testing/factories.ts';
import { Access } from './access.ts';
import { tokenOf } from './sign-in/cookie.ts';

const { hash: _, ...KEY } = aKey({ projectId: 'p' });
const LET_IN = { projectId: 'p', keyId: KEY.id, keyName: KEY.name, role: 'owner', keyExpiresAt: null };

function access(keys: Record<string, Key>, browsers: Record<string, SignIn> = {}) {
  const asked: string[] = [];
  const clock = { now: 1_000_000 };
  const store: AccessStore = {
    use: async (hash, now) => {
      asked.push(hash);
      const key = keys[hash];
      return key && (key.expiresAt ?? Number.POSITIVE_INFINITY) > now ? key : undefined;
    },
    list: async () => [],
    revoke: async () => 'gone',
    keyName: async () => 'test',
    addKey: async () => 'full',
    addFirstKey: async () => false,
    signingKey: async () => '',
    isEmpty: async () => false,
  };
  const signIns: SignInStore = {
    add: async () => undefined,
    redeem: async () => undefined,
    get: async (hash) => {
      asked.push(hash);
      return browsers[hash];
    },
    remove: async () => undefined,
  };
  const door = new Access({ access: store, signIns }, () => clock.now);
  const projectOf = async (headers: Parameters<Access['callerOf']>[0]) => (await door.callerOf(headers)).projectId;
  return { access: { door, projectOf }, asked, clock, keys, browsers, signIns };
}

/** SHA-256 of `k`. */
const HASH = '8254c329a92850f6d539dd376f4816ee2764517da5e0235514af433164480d7a';

test('a key is known by its hash, remembered for a minute, and then asked for again', async () => {
  const { access: door, asked, clock, keys } = access({ [HASH]: KEY });
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

/** What a browser holds, and its SHA-256. */
const TOKEN = 'A'.repeat(43);
const TOKEN_HASH = createHash('sha256').update(TOKEN).digest('hex');
const cookie = `myelin_sign_in=${TOKEN}`;

test('a cookie is remembered for a minute, at most until it expires', async () => {
  const signIn = { projectId: 'p', keyHash: HASH, expiresAt: 1_070_000 };
  const { access: door, asked, clock, browsers } = access({ [HASH]: KEY }, { [TOKEN_HASH]: signIn });
  for (let i = 0; i < 2; i++)
    expect(await door.door.callerOf({ cookie })).toEqual({ ...signIn, ...LET_IN, via: 'browser' });
  expect(asked).toEqual([TOKEN_HASH, HASH]);
  clock.now += 60_000;
  expect(await door.projectOf({ cookie })).toBe('p');
  expect(asked).toHaveLength(4);
  delete browsers[TOKEN_HASH];
  clock.now += 9_999;
  expect(await door.projectOf({ cookie })).toBe('p');
  clock.now += 1;
  await expect(door.projectOf({ cookie })).rejects.toMatchObject({ code: 'unauthorized' });
});

test('one that signs out while it is looked up is not remembered', async () => {
  const { access: door, browsers, signIns } = access({ [HASH]: KEY }, {});
  const answer = Promise.withResolvers<SignIn | undefined>();
  const { get } = signIns;
  (signIns as { get: SignInStore['get'] }).get = () => answer.promise;
  const looking = door.projectOf({ cookie });
  door.door.forgetBrowser(TOKEN_HASH);
  answer.resolve({ projectId: 'p', keyHash: HASH, expiresAt: 9e12 });
  expect(await looking).toBe('p');
  (signIns as { get: SignInStore['get'] }).get = get;
  expect(browsers).toEqual({});
  await expect(door.projectOf({ cookie })).rejects.toMatchObject({ code: 'unauthorized' });
});

test('a token is no key and a key no token, also where they are remembered; a wrong key is not made good', async () => {
  const signIn = { projectId: 'p', keyHash: HASH, expiresAt: 9e12 };
  const { access: door } = access({ [HASH]: KEY }, { [TOKEN_HASH]: signIn });
  expect(await door.projectOf({ cookie })).toBe('p');
  await expect(door.projectOf({ authorization: `Bearer ${TOKEN}` })).rejects.toMatchObject({ code: 'unauthorized' });
  expect(await door.projectOf({ 'x-api-key': 'k' })).toBe('p');
  await expect(door.projectOf({ cookie: 'myelin_sign_in=k' })).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(door.projectOf({ cookie, 'x-api-key': 'wrong' })).rejects.toMatchObject({ code: 'unauthorized' });
  expect((await door.door.callerOf({ cookie, 'x-api-key': 'k' })).via).toBe('key');
});

test.each([`a=b; ${cookie}`, `${cookie};c=d`, ` ${cookie} `, `xmyelin_sign_in=${'B'.repeat(43)}; ${cookie}`])(
  'the cookie is found in %j',
  (header) => expect(tokenOf(header)).toBe(TOKEN),
);

test.each([
  '',
  'a=b',
  'myelin_sign_in',
  'myelin_sign_in=',
  `MYELIN_SIGN_IN=${TOKEN}`,
  `${cookie}A`,
  `myelin_sign_in="${TOKEN}"`,
  `myelin_sign_in=${TOKEN}=`,
  // Somebody has put another beside it.
  `${cookie}; ${cookie}`,
  `myelin_sign_in=; ${cookie}`,
])('there is no cookie of ours in %j', (header) => expect(tokenOf(header)).toBeUndefined());

test('a key is refused from the moment it expires, and so is a browser that it signed in', async () => {
  const ending = { ...KEY, expiresAt: 1_030_000 };
  const signIn = { projectId: 'p', keyHash: HASH, expiresAt: 1_030_000 };
  const { access: door, clock } = access({ [HASH]: ending }, { [TOKEN_HASH]: signIn });
  clock.now = 1_029_999;
  expect(await door.door.callerOf({ 'x-api-key': 'k' })).toMatchObject({ expiresAt: 1_030_000 });
  expect(await door.projectOf({ cookie })).toBe('p');
  clock.now += 1;
  await expect(door.projectOf({ 'x-api-key': 'k' })).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(door.projectOf({ cookie })).rejects.toMatchObject({ code: 'unauthorized' });
});

test('one that is revoked is forgotten, with the browsers that it signed in, and no other', async () => {
  const other = { ...KEY, id: 'other' };
  const signIn = { projectId: 'p', keyHash: HASH, expiresAt: 9e12 };
  const otherHash = createHash('sha256').update('o').digest('hex');
  const { access: door, asked, keys } = access({ [HASH]: KEY, [otherHash]: other }, { [TOKEN_HASH]: signIn });
  await Promise.all([door.projectOf({ 'x-api-key': 'k' }), door.projectOf({ cookie })]);
  await door.projectOf({ 'x-api-key': 'o' });
  delete keys[HASH];
  const before = asked.length;
  expect(await door.projectOf({ 'x-api-key': 'k' })).toBe('p');
  door.door.forgetKey(KEY.id);
  await expect(door.projectOf({ 'x-api-key': 'k' })).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(door.projectOf({ cookie })).rejects.toMatchObject({ code: 'unauthorized' });
  expect(await door.projectOf({ 'x-api-key': 'o' })).toBe('p');
  expect(asked.slice(before)).not.toContain(otherHash);
});
