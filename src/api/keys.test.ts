/** Keys that make, list and revoke others, and those that may not. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryDatabase } from '../adapters/memory/database.ts';
import type { Route } from '../contract/route.ts';
import { type OperationId, ROUTES } from '../contract/routes.ts';
import { KEY_ROLES, may } from '../core/keys/roles.ts';
import { MOST_KEYS } from '../engine/keys.ts';
import type { NewKey } from '../ports/access.ts';
import { callApi, newKey, type Received, type Sent, serverParts } from '../testing/api.ts';
import { newId, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOST = '127.0.0.1:4400';
const OWN = { host: HOST, origin: `http://${HOST}` };

const database = memoryDatabase();
const clock = { now: Date.now() };
const logged: unknown[] = [];
const line = (...of: unknown[]) => void logged.push(of);
const log = { debug: line, info: line, warn: line, error: line };
const bare = serverParts({ database });
const parts = { ...bare, runtime: { ...bare.runtime, now: () => clock.now, log } };
let app: FastifyInstance;
/** Another process on the same database. */
let elsewhere: FastifyInstance;
/** Each test has a project of its own, with the owner's key. */
let projectId: string;
let owner: string;

beforeAll(async () => {
  [app, elsewhere] = await Promise.all([createApi(parts), createApi(parts)]);
});
beforeEach(async () => {
  projectId = newId();
  owner = await newKey(parts.store, projectId, { name: 'owner' });
});
afterAll(() => Promise.all([app.close(), elsewhere.close()]));

const call = (key: string | null, id: OperationId, sent: Sent = {}) => callApi(app, key, id, sent);
const iso = (ms: number) => new Date(ms).toISOString();
const keyed = (over: Partial<NewKey>) => newKey(parts.store, projectId, { name: newName(), ...over });
const make = (body: object, by = owner) => call(by, 'createKey', { body: { name: newName(), ...body } });
const revoke = (id: string, by = owner) => call(by, 'revokeKey', { params: { id } });
const list = async (by = owner): Promise<Received['body'][]> => (await call(by, 'listKeys')).body.items;
const isLetIn = async (key: string, at = app) => (await callApi(at, key, 'listWorkflows')).status === 200;

/** The `Cookie` header of a browser that this key signed in. */
async function browser(key: string, at = app): Promise<string> {
  const { status, headers } = await callApi(at, null, 'signIn', { body: { key } });
  expect(status).toBe(200);
  return String(headers['set-cookie']).split(';')[0] as string;
}

describe('a key', () => {
  test('is made, told once, used, listed, and revoked', async () => {
    const expiresAt = iso(clock.now + HOUR);
    const made = await make({ name: 'CI of Jürgen', role: 'editor', expiresAt });
    const { key, secret } = made.body;
    expect(made.status).toBe(201);
    expect(secret).toMatch(/^myl_[\w-]{43}$/);
    expect(key).toEqual({
      ...{ id: key.id, name: 'CI of Jürgen', role: 'editor', ending: secret.slice(-4), createdBy: 'owner' },
      ...{ createdAt: iso(clock.now), expiresAt, lastUsedAt: null, isYours: false },
    });
    expect((await call(secret, 'getSignIn')).body).toEqual({
      ...{ projectId, name: 'CI of Jürgen', role: 'editor', via: 'key', expiresAt },
    });
    const items = await list();
    expect(items[0]).toEqual({ ...key, lastUsedAt: iso(clock.now) });
    expect(items[1]).toMatchObject({ name: 'owner', isYours: true, createdBy: null });
    expect((await revoke(key.id)).status).toBe(204);
    expect(await list()).toHaveLength(1);
    expect((await revoke(key.id)).body).toMatchObject({ status: 404, code: 'key_not_found' });
  });

  test('is neither listed nor logged with its secret', async () => {
    const { secret } = (await make({ role: 'viewer' })).body;
    expect((await call(owner, 'listKeys')).text).not.toContain(secret);
    expect(JSON.stringify(logged)).toContain('a key was made');
    expect(JSON.stringify(logged)).not.toContain(secret);
    expect([...database.apiKeys.values()].some((key) => JSON.stringify(key).includes(secret))).toBe(false);
  });

  test('is of its project: others neither see nor revoke it', async () => {
    const { key } = (await make({ role: 'viewer' })).body;
    const stranger = await newKey(parts.store, newId(), { name: 'owner' });
    expect(await list(stranger)).toHaveLength(1);
    expect((await revoke(key.id, stranger)).body.code).toBe('key_not_found');
    expect(await list()).toHaveLength(2);
  });

  test('that has expired is refused at once, in every process, and still listed', async () => {
    const { key, secret } = (await make({ role: 'admin', expiresAt: iso(clock.now + HOUR) })).body;
    const cookie = await browser(secret);
    clock.now += HOUR - 1;
    for (const at of [app, elsewhere]) expect(await isLetIn(secret, at)).toBe(true);
    expect((await call(null, 'getSignIn', { headers: { cookie } })).body.expiresAt).toBe(key.expiresAt);
    clock.now += 1;
    for (const at of [app, elsewhere]) expect(await isLetIn(secret, at)).toBe(false);
    expect((await call(null, 'getSignIn', { headers: { cookie } })).status).toBe(401);
    expect((await call(null, 'signIn', { body: { key: secret } })).status).toBe(401);
    expect((await list()).map(({ id }) => id)).toContain(key.id);
  });

  test('that is revoked is refused at once here, and within a minute in other processes; so are its browsers', async () => {
    const { key, secret } = (await make({ role: 'editor' })).body;
    const [here, there] = [await browser(secret), await browser(secret, elsewhere)];
    const { url } = (await call(secret, 'createSignInLink')).body;
    const looks = async (cookie: string, at: FastifyInstance) =>
      (await callApi(at, null, 'getSignIn', { headers: { cookie } })).status;
    for (const at of [app, elsewhere]) expect(await isLetIn(secret, at)).toBe(true);
    expect([await looks(here, app), await looks(there, elsewhere)]).toEqual([200, 200]);
    await revoke(key.id);
    expect(await isLetIn(secret)).toBe(false);
    expect(await looks(here, app)).toBe(401);
    expect((await call(null, 'signIn', { body: { link: url.split('#')[1] } })).status).toBe(401);
    clock.now += MINUTE;
    expect(await isLetIn(secret, elsewhere)).toBe(false);
    expect(await looks(there, elsewhere)).toBe(401);
  });

  test('may revoke itself', async () => {
    const admin = await keyed({ role: 'admin' });
    const own = (await list(admin)).find(({ isYours }) => isYours);
    expect((await revoke(own.id, admin)).status).toBe(204);
    expect((await call(admin, 'listKeys')).status).toBe(401);
  });
});

describe('nobody gets more than there is to give', () => {
  const closed = Object.entries<Route>(ROUTES).filter(([, route]) => route.permission !== 'public');

  test.each(KEY_ROLES)('a route asks for its permission: %s', async (role) => {
    const key = await keyed({ role });
    for (const [id, { permission }] of closed) {
      if (may(role, permission)) continue;
      const answer = await call(key, id as OperationId, { body: '{', headers: { 'content-type': 'text/x' } });
      expect(answer.body, id).toMatchObject({ status: 403, code: 'forbidden' });
      expect(answer.body.detail).toContain(permission);
    }
    expect(await isLetIn(key)).toBe(true);
  });

  test('a browser may what its key may, and a page of another origin nothing', async () => {
    const viewing = await browser(await keyed({ role: 'viewer' }));
    const params = { name: newName() };
    const save = { params, body: { text: 'x' }, headers: { cookie: viewing, ...OWN } };
    expect((await call(null, 'savePrompt', save)).body.code).toBe('forbidden');
    const cookie = await browser(owner);
    const body = { name: newName(), role: 'viewer' };
    const foreign = { cookie, host: HOST, origin: 'http://evil.test' };
    expect((await call(null, 'createKey', { body, headers: foreign })).body.code).toBe('origin_refused');
    expect((await call(null, 'createKey', { body, headers: { cookie, ...OWN } })).status).toBe(201);
    expect((await list())[0].createdBy).toBe('owner');
  });

  test('an admin makes no owner, revokes none, and does not act on the server', async () => {
    const admin = await keyed({ role: 'admin' });
    expect((await make({ role: 'owner' }, admin)).body).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await make({ role: 'admin' }, admin)).status).toBe(201);
    const second = (await make({ role: 'owner' })).body.key;
    expect((await revoke(second.id, admin)).body).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await call(admin, 'rotateConnectionKey')).body).toMatchObject({ status: 403, code: 'forbidden' });
  });

  test('what ends makes nothing that outlives it, by browser neither', async () => {
    const end = clock.now + HOUR;
    const admin = await keyed({ role: 'admin', expiresAt: end });
    const headers = { cookie: await browser(admin), ...OWN };
    for (const expiresAt of [null, iso(end + 1)]) {
      const body = { name: newName(), role: 'viewer', expiresAt };
      expect((await make(body, admin)).body).toMatchObject({ status: 403, code: 'forbidden' });
      expect((await call(null, 'createKey', { body, headers })).body).toMatchObject({ status: 403, code: 'forbidden' });
    }
    expect((await make({ role: 'viewer', expiresAt: iso(end) }, admin)).status).toBe(201);
  });

  test('the last owner that does not expire stays', async () => {
    await make({ role: 'owner', expiresAt: iso(clock.now + HOUR) });
    const [, first] = await list();
    const refused = await revoke(first.id);
    expect(refused.body).toMatchObject({ status: 409, code: 'last_owner_key' });
    expect(refused.body.detail).toContain('owner is the last owner key');
    const { secret } = (await make({ role: 'owner' })).body;
    expect((await revoke(first.id, secret)).status).toBe(204);
    expect((await call(owner, 'listKeys')).status).toBe(401);
  });
});

describe('bad input', () => {
  test.each([
    [{ name: '' }, 'name'],
    [{ name: ' a' }, 'name'],
    [{ name: 'a\nb' }, 'name'],
    [{ name: '<b>' }, 'name'],
    [{ name: 'a'.repeat(65) }, 'name'],
    [{ role: 'root' }, 'role'],
    [{ role: undefined }, 'role'],
    [{ expiresAt: 'soon' }, 'expiresAt'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: '9999-01-01T00:00:00Z' }, 'expiresAt'],
    [{ projectId: newId() }, ''],
    [{ hash: 'x' }, ''],
  ])('%j is refused', async (change, field) => {
    const { body } = await make({ role: 'viewer', ...change });
    expect(body).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(body.errors[0].path).toContain(field);
    expect(await list()).toHaveLength(1);
  });

  test('a name is taken once, and there are so many keys', async () => {
    expect((await make({ name: 'ci', role: 'viewer' })).status).toBe(201);
    expect((await make({ name: 'ci', role: 'viewer' })).body).toMatchObject({ status: 409, code: 'key_exists' });
    for (let count = 2; count < MOST_KEYS; count++) await keyed({ role: 'viewer' });
    expect((await make({ role: 'viewer' })).body).toMatchObject({ status: 409, code: 'too_many_keys' });
  });
});
