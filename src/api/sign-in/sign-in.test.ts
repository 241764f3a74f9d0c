/** Browsers that sign in, and those who would like to. Attacks come by `inject`, as they would by the network. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryDatabase } from '../../adapters/memory/database.ts';
import type { Route } from '../../contract/route.ts';
import { type OperationId, ROUTES } from '../../contract/routes.ts';
import { hashKey } from '../../engine/access-key.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { callApi, newKey, type Received, type Sent, serverParts } from '../../testing/api.ts';
import { newId, newName } from '../../testing/factories.ts';
import { createApi } from '../api.ts';

const HOST = '127.0.0.1:4400';
const OWN = { host: HOST, origin: `http://${HOST}` };
const MINUTE = 60_000;
const DAY = 86_400_000;
const TOKEN = /[\w-]{43}/;

const database = memoryDatabase();
const bare = serverParts({ database });
const clock = { now: Date.now() };
const logged: unknown[] = [];
const line = (...of: unknown[]) => void logged.push(of);
const log = { debug: line, info: line, warn: line, error: line };
const parts = { ...bare, runtime: { ...bare.runtime, now: () => clock.now, log } };
let app: FastifyInstance;
let key: string;
/** Of the key. */
let name: string;

beforeAll(async () => {
  app = await createApi(parts);
});
beforeEach(async () => {
  name = newName();
  key = await newKey(parts.store, DEFAULT_PROJECT, { name });
  clock.now += 2 * MINUTE;
});
afterAll(() => app.close());

const call = (id: OperationId, sent: Sent = {}, who: string | null = null) => callApi(app, who, id, sent);
const signIn = (body: unknown, headers = {}) => call('signIn', { body, headers });
const setCookieOf = ({ headers }: Received) => String(headers['set-cookie']);
const linkOf = async (of = key): Promise<string> => (await call('createSignInLink', {}, of)).body.url.split('#')[1];

/** The `Cookie` header of a browser that has signed in by this key. */
async function browser(of = key): Promise<string> {
  const answer = await signIn({ key: of });
  expect(answer.status).toBe(200);
  return setCookieOf(answer).split(';')[0] as string;
}

/** What the browser of this cookie is answered. */
const as = (cookie: string, id: OperationId, sent: Sent = {}) =>
  call(id, { ...sent, headers: { cookie, ...sent.headers } });
const save = (cookie: string, headers = {}, name = newName()) =>
  as(cookie, 'savePrompt', { params: { name }, body: { text: 'x' }, headers });

describe('a browser signs in', () => {
  test('by a key, and is known by its cookie', async () => {
    const answer = await signIn({ key });
    expect(answer).toMatchObject({ status: 200, body: { projectId: DEFAULT_PROJECT, name } });
    const cookie = setCookieOf(answer).split(';')[0] as string;
    const expiresAt = new Date(clock.now + 30 * DAY).toISOString();
    expect((await as(cookie, 'getSignIn')).body).toEqual({
      ...{ projectId: DEFAULT_PROJECT, name, role: 'owner', via: 'browser', expiresAt },
    });
    expect((await as(cookie, 'listWorkflows')).status).toBe(200);
    expect((await call('getSignIn', {}, key)).body).toMatchObject({ name, via: 'key', expiresAt: null });
    expect((await call('getSignIn')).status).toBe(401);
  });

  test('by a link, whose token stands behind the #', async () => {
    const { body } = await call('createSignInLink', {}, key);
    expect(body.url).toMatch(/^http:\/\/127\.0\.0\.1:4400\/sign-in#[\w-]{43}$/);
    expect(body.expiresAt).toBe(new Date(clock.now + 10 * MINUTE).toISOString());
    const answer = await signIn({ link: body.url.split('#')[1] });
    expect(answer).toMatchObject({ status: 200, body: { projectId: DEFAULT_PROJECT, name } });
    expect((await as(setCookieOf(answer).split(';')[0] as string, 'getSignIn')).body.via).toBe('browser');
  });

  test('for 30 days, and no longer', async () => {
    const cookie = await browser();
    clock.now += 30 * DAY - 1;
    expect((await as(cookie, 'getSignIn')).status).toBe(200);
    clock.now += 1;
    expect((await as(cookie, 'getSignIn')).body).toMatchObject({ status: 401, code: 'unauthorized' });
  });

  test.each([
    ['http://127.0.0.1:4400', ''],
    ['https://myelin.example.com', '; Secure'],
  ])('at %s, with a cookie that no script reads and no other site sends', async (publicUrl, secure) => {
    const other = await createApi({ ...parts, publicUrl: () => publicUrl });
    const answer = await callApi(other, null, 'signIn', { body: { key } });
    const cookie = setCookieOf(answer);
    expect(cookie.replace(TOKEN, 'TOKEN')).toBe(
      `myelin_sign_in=TOKEN; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict${secure}`,
    );
    const headers = { cookie: cookie.split(';')[0] as string, 'sec-fetch-site': 'same-origin' };
    const out = await callApi(other, null, 'signOut', { headers });
    expect(setCookieOf(out)).toBe(`myelin_sign_in=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict${secure}`);
    await other.close();
  });
});

describe('nobody signs in', () => {
  const refused = async (body: unknown, detail: RegExp) => {
    const answer = await signIn(body);
    expect(answer.body).toMatchObject({ status: 401, code: 'unauthorized', detail: expect.stringMatching(detail) });
    expect(answer.headers).not.toHaveProperty('set-cookie');
  };

  test('by a link that was used', async () => {
    const link = await linkOf();
    expect((await signIn({ link })).status).toBe(200);
    await refused({ link }, /used.*myelin open/);
  });

  test('by a link that is 10 minutes old', async () => {
    const [young, old] = [await linkOf(), await linkOf()];
    clock.now += 10 * MINUTE - 1;
    expect((await signIn({ link: young })).status).toBe(200);
    clock.now += 1;
    await refused({ link: old }, /expired/);
  });

  test('by what is no key, a token as a key, or a key as a link', async () => {
    const cookie = await browser();
    await refused({ key: 'myl_wrong' }, /No project has this key/);
    await refused({ key: cookie.split('=')[1] }, /No project has this key/);
    await refused({ key: hashKey(key) }, /No project has this key/);
    await refused({ link: key }, /is none/);
    await refused({ link: cookie.split('=')[1] }, /is none/);
  });

  test('by a link in the cookie or as a bearer', async () => {
    const link = await linkOf();
    expect((await as(`myelin_sign_in=${link}`, 'getSignIn')).status).toBe(401);
    expect((await call('getSignIn', {}, link)).status).toBe(401);
    expect((await signIn({ link })).status).toBe(200);
  });

  test('by both, by nothing, or by a form that any page may send', async () => {
    for (const body of [{}, { key, link: 'x' }, { key: '' }, { key: [key] }, { key, more: 1 }, 'no json']) {
      expect((await call('signIn', { body, headers: { 'content-type': 'application/json' } })).status).toBe(400);
    }
    const headers = { 'content-type': 'text/plain' };
    expect((await call('signIn', { body: JSON.stringify({ key }), headers })).status).toBe(415);
  });

  test('after ten wrong tries within a minute, from that address; right ones and other faults do not count', async () => {
    const from = (remoteAddress: string, body: unknown) =>
      app.inject({ method: 'POST', url: '/api/sign-in', remoteAddress, payload: body as object });
    const wrong = { key: 'wrong' };
    for (let i = 0; i < 9; i++) expect((await from('10.0.0.1', wrong)).statusCode).toBe(401);
    for (let i = 0; i < 9; i++) expect((await from('10.0.0.1', { key })).statusCode).toBe(200);
    expect((await from('10.0.0.1', {})).statusCode).toBe(400);
    clock.now += 20_500;
    expect((await from('10.0.0.1', wrong)).statusCode).toBe(401);
    for (const body of [wrong, { key }, { link: 'x' }]) {
      const answer = await from('10.0.0.1', body);
      expect(answer.json()).toMatchObject({ status: 429, code: 'rate_limited' });
      expect(answer.json().detail).toBe(
        '10 wrong tries came from this address within a minute; it may try again in 40 s.',
      );
      expect(answer.headers['retry-after']).toBe('40');
    }
    expect((await from('10.0.0.2', { key })).statusCode).toBe(200);
    clock.now += 39_500;
    expect((await from('10.0.0.1', { key })).statusCode).toBe(200);
  });

  test('by tries that come all at once', async () => {
    const tries = Array.from({ length: 15 }, () => signIn({ key: 'wrong' }));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });
});

describe('a browser that is signed in', () => {
  test('is of its project, whatever it asks for', async () => {
    const other = await newKey(parts.store, newId());
    const [mine, foreign] = [await browser(), await browser(other)];
    const params = { name: newName() };
    expect((await save(mine, OWN, params.name)).status).toBe(200);
    expect((await as(mine, 'getPrompt', { params })).status).toBe(200);
    expect((await as(foreign, 'getPrompt', { params })).body.code).toBe('prompt_not_found');
    expect((await as(foreign, 'deletePrompt', { params, headers: OWN })).status).toBe(404);
    expect((await as(foreign, 'getSignIn')).body.projectId).not.toBe(DEFAULT_PROJECT);
  });

  test('goes with its key, within a minute', async () => {
    const cookie = await browser();
    const link = await linkOf();
    expect((await as(cookie, 'listWorkflows')).status).toBe(200);
    database.apiKeys.delete(hashKey(key));
    clock.now += MINUTE;
    expect((await as(cookie, 'listWorkflows')).status).toBe(401);
    expect((await signIn({ link })).status).toBe(401);
  });

  test('signs out at once, and alone', async () => {
    const [cookie, other] = [await browser(), await browser()];
    for (const one of [cookie, other]) expect((await as(one, 'listWorkflows')).status).toBe(200);
    expect((await as(cookie, 'signOut', { headers: OWN })).status).toBe(204);
    expect((await as(cookie, 'listWorkflows')).body).toMatchObject({ status: 401, code: 'unauthorized' });
    expect((await as(cookie, 'signOut', { headers: OWN })).status).toBe(401);
    expect((await as(other, 'listWorkflows')).status).toBe(200);
  });

  test('lets nobody else in', async () => {
    const cookie = await browser();
    expect((await as(cookie, 'createSignInLink', { headers: OWN })).body).toMatchObject({
      ...{ status: 403, code: 'forbidden' },
    });
    expect((await call('createSignInLink')).status).toBe(401);
  });

  test('reads from anywhere, since no other page sees the answer', async () => {
    const cookie = await browser();
    const headers = { host: HOST, origin: 'http://evil.test', 'sec-fetch-site': 'cross-site' };
    const answer = await as(cookie, 'listWorkflows', { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test.each([
    { host: HOST, origin: `http://${HOST}` },
    { host: 'myelin.test', origin: 'https://myelin.test' },
    { host: 'inside:4400', origin: 'http://127.0.0.1:4400' },
    { host: 'inside:4400', origin: 'https://outside.test', 'sec-fetch-site': 'same-origin' },
    { host: HOST, 'sec-fetch-site': 'same-origin' },
  ])('changes things from %j', async (headers) => {
    expect((await save(await browser(), headers)).status).toBe(200);
  });

  const FOREIGN: readonly Record<string, string>[] = [
    { host: HOST },
    { host: HOST, origin: 'null' },
    { host: HOST, origin: 'nonsense' },
    { host: HOST, origin: '' },
    { host: HOST, origin: 'http://evil.test' },
    // The same host, and so the same site: the cookie comes along.
    { host: HOST, origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-site' },
    { host: HOST, origin: 'http://127.0.0.1' },
    { host: HOST, origin: `foo://${HOST}` },
    { host: HOST, origin: `http://${HOST}.evil.test` },
    { host: HOST, origin: 'http://evil.test', 'x-forwarded-host': 'evil.test' },
    { host: HOST, 'sec-fetch-site': 'cross-site' },
    { host: HOST, 'sec-fetch-site': 'none' },
  ];
  test.each(FOREIGN)('changes nothing from %j', async (headers) => {
    const cookie = await browser();
    const params = { name: newName() };
    expect((await save(cookie, headers, params.name)).body).toMatchObject({ status: 403, code: 'origin_refused' });
    expect((await as(cookie, 'getPrompt', { params })).status).toBe(404);
    expect((await as(cookie, 'signOut', { headers })).body.code).toBe('origin_refused');
    expect((await as(cookie, 'getSignIn')).status).toBe(200);
  });

  test('changes nothing from a page without TLS where the server is reached with it', async () => {
    const other = await createApi({ ...parts, publicUrl: () => 'https://myelin.test' });
    const cookie = await browser();
    const from = async (origin: string) => {
      const headers = { cookie, host: 'myelin.test', origin };
      const sent = { params: { name: newName() }, body: { text: 'x' }, headers };
      return (await callApi(other, null, 'savePrompt', sent)).status;
    };
    expect(await from('http://myelin.test')).toBe(403);
    expect(await from('https://myelin.test')).toBe(200);
    await other.close();
  });

  const CHANGING = Object.entries<Route>(ROUTES).filter(
    ([, { method, permission }]) => method !== 'GET' && permission !== 'public',
  );
  test.each(CHANGING)('of another origin is refused at %s before its body is read', async (id) => {
    const cookie = await browser();
    const headers = { cookie, host: HOST, origin: 'http://evil.test', 'content-type': 'text/x' };
    const answer = await call(id as OperationId, { body: '{', headers });
    expect(answer.body).toMatchObject({ status: 403, code: 'origin_refused' });
  });

  test('does not stand in for a key: who sends one needs no origin, and a wrong one is refused', async () => {
    const cookie = await browser();
    const sent = { params: { name: newName() }, body: { text: 'x' }, headers: { cookie } };
    expect((await call('savePrompt', sent, key)).status).toBe(200);
    expect((await call('savePrompt', { ...sent, headers: { ...OWN, cookie } }, 'wrong')).status).toBe(401);
  });
});

test('no token and no key is in a log, in an answer, or in the store', async () => {
  const link = await linkOf();
  const answers: Received[] = [await signIn({ link }), await signIn({ key })];
  const tokens = answers.map((answer) => TOKEN.exec(setCookieOf(answer))?.[0] as string);
  const cookie = `myelin_sign_in=${tokens[0]}`;
  const broken = { ...parts.store, prompts: { ...parts.store.prompts, list: () => Promise.reject(new Error('x')) } };
  const other = await createApi({ ...parts, store: broken });
  answers.push(
    await callApi(other, null, 'listPrompts', { headers: { cookie } }),
    await as(cookie, 'getSignIn'),
    await as(cookie, 'savePrompt', { params: { name: 'x' }, body: {}, headers: { origin: 'http://evil.test' } }),
    await signIn({ link }),
    await signIn({ link: tokens[0] }),
    await as(cookie, 'signOut', { headers: OWN }),
  );
  await other.close();
  expect(logged).not.toEqual([]);
  const seen = JSON.stringify([logged, answers.map(({ text }) => text)]);
  const kept = JSON.stringify([...database.signIns, ...database.apiKeys]);
  for (const secret of [link, key, ...tokens]) {
    expect(seen).not.toContain(secret);
    expect(kept).not.toContain(secret);
  }
});
