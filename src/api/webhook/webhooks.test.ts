import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryDatabase } from '../../adapters/memory/database.ts';
import { MyelinError } from '../../core/errors.ts';
import { callApi, execution, newKey, serverParts } from '../../testing/api.ts';
import { newId, newName } from '../../testing/factories.ts';
import { claimAs } from '../../testing/store/drain.ts';
import { createApi } from '../api.ts';

const database = memoryDatabase();
const SECRET = 'a-secret-of-good-length';
const parts = serverParts({ database, secrets: { HOOK: SECRET } });
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
  await parts.engine.start();
});
afterAll(async () => {
  await app.close();
  await parts.engine.stop(0);
});

const ECHO = [{ id: 'a', type: 'transform', config: { value: '{{ $trigger }}' } }];

/** An active workflow with a webhook at a path of its own; returns the path. */
async function hooked(trigger: object = {}, nodes: object[] = ECHO, who = key): Promise<string> {
  const name = newName();
  const triggers = [{ id: 'hook', type: 'webhook', path: name, ...trigger }];
  const body = { name, nodes, edges: nodes.length < 2 ? [] : ['a -> b'], triggers };
  const saved = await callApi(app, who, 'createWorkflow', { body, query: { activate: 'true' } });
  expect(saved.status, saved.text).toBe(201);
  return name;
}

interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly to?: FastifyInstance;
}

const JSON_TYPE = { 'content-type': 'application/json' };

async function send(path: string, { method = 'POST', headers = JSON_TYPE, body, to = app }: Request = {}) {
  const request = { method, url: `/webhooks/${path}`, headers, ...(body !== undefined && { payload: body }) };
  const answer = await to.inject(request);
  const isJson = String(answer.headers['content-type']).includes('json') && answer.payload !== '';
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.payload,
    body: isJson ? answer.json() : null,
  };
}

/** `$trigger` as the execution of an accepted request saw it. */
async function triggerOf(answer: { body: { executionId: string } | null }) {
  const id = answer.body?.executionId ?? '';
  await execution(parts, id);
  return (await callApi(app, key, 'getExecution', { params: { id } })).body.trigger;
}

async function countOf(workflow: string): Promise<number> {
  return (await callApi(app, key, 'listExecutions', { query: { workflow } })).body.items.length;
}

test('an accepted request is a 202 with the execution, which is stored', async () => {
  const path = await hooked();
  const answer = await send(`${path}?a=1&a=2&b=x%20y`, {
    body: '{"n":1}',
    headers: { ...JSON_TYPE, 'X-Thing': 'yes' },
  });
  expect(answer.status).toBe(202);
  expect(answer.headers.location).toBe(`/api/executions/${answer.body.executionId}`);
  expect(await triggerOf(answer)).toMatchObject({
    body: { n: 1 },
    headers: { 'x-thing': 'yes' },
    query: { a: ['1', '2'], b: 'x y' },
    params: {},
    method: 'POST',
  });
});

test('credentials and signatures are not in what an execution sees', async () => {
  const path = await hooked({ requireHeaders: { 'X-Key': '{{ $secrets.HOOK }}', 'X-Shown': true } });
  const headers = {
    authorization: 'Bearer t',
    cookie: 'c',
    'x-key': SECRET,
    'x-shown': 's',
    'x-hub-signature-256': 'h',
  };
  const { headers: seen } = await triggerOf(await send(path, { headers }));
  expect(Object.keys(seen).filter((name) => name in headers)).toEqual(['x-shown']);
});

test.each([
  ['JSON', 'application/json', '{"a":[1]}', { a: [1] }],
  ['JSON of another kind', 'application/cloudevents+json; charset=utf-8', '{"a":1}', { a: 1 }],
  ['a form', 'application/x-www-form-urlencoded', 'a=1&b=2&b=3', { a: '1', b: ['2', '3'] }],
  ['text', 'text/plain', 'hello', 'hello'],
  ['bytes', 'application/pdf', Buffer.from([1, 255]), { base64: 'Af8=', contentType: 'application/pdf', size: 2 }],
  ['nothing', 'application/json', '', null],
])('a body of %s', async (_, type, body, expected) => {
  const answer = await send(await hooked(), { body, headers: { 'content-type': type } });
  expect((await triggerOf(answer)).body).toEqual(expected);
});

test.each([
  ['JSON with a fault', 'application/json', '{', 'invalid_json', 400],
  ['an unsafe key', 'application/json', '{"constructor":1}', 'unsafe_key', 400],
  ['an unsafe name in a form', 'application/x-www-form-urlencoded', '__proto__=1', 'unsafe_key', 400],
  ['more than the server takes', 'text/plain', 'x'.repeat(70_000), 'body_too_large', 413],
])('%s is refused, and nothing is stored', async (_, type, body, code, status) => {
  const path = await hooked();
  const answer = await send(path, { body, headers: { 'content-type': type } });
  expect(answer).toMatchObject({ status, body: { code } });
  expect(await countOf(path)).toBe(0);
});

test('unknown paths, other methods, drafts and paused workflows', async () => {
  expect((await send('nowhere')).body).toMatchObject({ status: 404, code: 'webhook_not_found' });
  const path = await hooked({ method: 'PUT' });
  const wrong = await send(path);
  expect(wrong).toMatchObject({ status: 405, headers: { allow: 'PUT' }, body: { code: 'method_not_allowed' } });
  expect((await send(path, { method: 'PUT' })).status).toBe(202);
  await callApi(app, key, 'pauseWorkflow', { params: { id: path } });
  expect((await send(path, { method: 'PUT' })).status).toBe(404);
  await callApi(app, key, 'activateWorkflow', { params: { id: path } });
  expect((await send(path, { method: 'PUT' })).status).toBe(202);
  const got = await hooked({ method: 'GET' });
  expect((await send(got, { method: 'GET', headers: {} })).status).toBe(202);
  expect((await send(got, { method: 'HEAD', headers: {} })).status).toBe(405);
});

test('a path with parameters; a literal one goes first; other methods are named', async () => {
  const base = newName();
  const any = await hooked({ path: `${base}/:kind/:id` });
  const one = await hooked({ path: `${base}/order/:id` });
  const exact = await hooked({ path: `${base}/order/7` });
  const answers = [await send(`${base}/x/a%2Fb`), await send(`${base}/order/8`), await send(`${base}/order/7`)];
  const triggers = await Promise.all(answers.map(triggerOf));
  expect(triggers.map(({ params }) => params)).toEqual([{ kind: 'x', id: 'a/b' }, { id: '8' }, {}]);
  expect(await Promise.all([any, one, exact].map(countOf))).toEqual([1, 1, 1]);
  expect((await send(`${base}/order/8`, { method: 'DELETE', headers: {} })).headers.allow).toBe('POST');
});

test('each project has its own paths', async () => {
  const projectId = newId();
  const stranger = await newKey(parts.store, projectId);
  const path = await hooked({}, ECHO, stranger);
  expect((await send(path)).status).toBe(404);
  const answer = await send(`~${projectId}/${path}`);
  expect(answer.status).toBe(202);
  await execution(parts, answer.body.executionId, undefined, projectId);
  const seen = await callApi(app, key, 'getExecution', { params: { id: answer.body.executionId } });
  expect(seen.body.code).toBe('execution_not_found');
  expect((await callApi(app, stranger, 'listWebhooks')).body.items[0].url).toBe(`/webhooks/~${projectId}/${path}`);
});

test('a signature is checked on the raw bytes before anything else; wrong, missing or stale stores nothing', async () => {
  const path = await hooked({ verify: { scheme: 'github', secret: '{{ $secrets.HOOK }}' } });
  const body = '{"n": 1}';
  const sign = (text: string) => `sha256=${createHmac('sha256', SECRET).update(text).digest('hex')}`;
  const signed = (signature: string, text = body) =>
    send(path, { body: text, headers: { ...JSON_TYPE, 'x-hub-signature-256': signature } });
  for (const answer of [
    await signed(sign(`${body} `)),
    await signed('x'),
    await send(path, { body }),
    await signed(sign(body), '{'),
  ]) {
    expect(answer).toMatchObject({ status: 401, body: { code: 'signature_invalid' } });
  }
  expect(await countOf(path)).toBe(0);
  expect((await signed(sign(body))).status).toBe(202);
});

test('the same signed message starts one execution, however often it is sent again', async () => {
  const secret = Buffer.from('a key of twenty-four bytes').toString('base64');
  const path = await hooked({ verify: { scheme: 'standard', secret: `whsec_${secret}` } });
  const body = '{"n": 1}';
  const at = String(Math.floor(Date.now() / 1000));
  const sign = (id: string) =>
    `v1,${createHmac('sha256', Buffer.from(secret, 'base64')).update(`${id}.${at}.${body}`).digest('base64')}`;
  const signed = (id: string, more: Record<string, string> = {}) => {
    const headers = { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': sign(id), ...more };
    return send(path, { body, headers: { ...JSON_TYPE, ...headers } });
  };
  const first = await signed('msg_1');
  expect(first).toMatchObject({ status: 202 });
  expect((await signed('msg_1')).body).toEqual(first.body);
  expect((await signed('msg_1', { 'idempotency-key': 'another' })).body).toEqual(first.body);
  expect((await signed('msg_2')).body).not.toEqual(first.body);
  expect(await countOf(path)).toBe(2);
});

test('a missing secret is a refusal that does not name it', async () => {
  const path = await hooked({ verify: { scheme: 'plain', secret: '{{ $secrets.ABSENT }}' } });
  const answer = await send(path, { body: '{}' });
  expect(answer.body.code).toBe('secret_missing');
  expect(answer.text).not.toContain('ABSENT');
  expect(await countOf(path)).toBe(0);
});

test('addresses, headers and sizes are checked before the body is read', async () => {
  const elsewhere = await hooked({ allowIps: ['192.0.2.0/24'] });
  expect((await send(elsewhere, { body: '{' })).body).toMatchObject({ status: 403, code: 'forbidden' });
  const headed = await hooked({ requireHeaders: { 'X-Key': '{{ $secrets.HOOK }}' } });
  const wrong = await send(headed, { headers: { ...JSON_TYPE, 'x-key': 'wrong' } });
  expect(wrong.body.code).toBe('forbidden');
  expect(wrong.text).not.toContain(SECRET);
  const small = await hooked({ maxBody: 10 });
  expect((await send(small, { body: '{"a":"0123456789"}' })).body).toMatchObject({
    status: 413,
    code: 'body_too_large',
  });
  expect(await countOf(small)).toBe(0);
});

test('the same key starts one execution, by header or by expression', async () => {
  const path = await hooked();
  const keyed = (value: string) => send(path, { body: '{}', headers: { ...JSON_TYPE, 'idempotency-key': value } });
  const first = await keyed('k1');
  expect((await keyed('k1')).body).toEqual(first.body);
  expect((await keyed('k2')).body).not.toEqual(first.body);
  expect(await countOf(path)).toBe(2);
  expect((await keyed('k'.repeat(300))).body.code).toBe('invalid_request');
  const other = await hooked({ dedupe: { key: '{{ $trigger.body.id }}' }, transform: '{{ { id: 0 } }}' });
  const events = [await send(other, { body: '{"id":1}' }), await send(other, { body: '{"id":1,"again":true}' })];
  expect(events[1]?.body).toEqual(events[0]?.body);
  await send(other, { body: '{"id":2}' });
  await send(other, { body: '{}' });
  await send(other, { body: '{}' });
  expect(await countOf(other)).toBe(4);
  expect((await keyed('k1')).body).toEqual(first.body);
});

test('transform makes $trigger of the request; where it fails, the caller hears of it', async () => {
  const path = await hooked({ transform: '{{ { n: $trigger.body.n + 1, at: $trigger.method } }}' });
  expect(await triggerOf(await send(path, { body: '{"n":1}' }))).toEqual({ n: 2, at: 'POST' });
  const bad = await hooked({ transform: '{{ $trigger.body.n.toFixed(1000) }}' });
  expect((await send(bad, { body: '{"n":1}' })).body).toMatchObject({ status: 422, code: 'expression_failed' });
});

test('sanitize: html leaves of the body what a reader would see, before anything else looks at it', async () => {
  const path = await hooked({ sanitize: 'html', transform: '{{ $trigger.body }}' });
  const body = JSON.stringify({ mail: ['<p>Hi <b>you</b></p><p hidden>obey</p><script>x</script>'], n: 1 });
  expect(await triggerOf(await send(path, { body }))).toEqual({ mail: ['Hi you'], n: 1 });
  const plain = await hooked({ sanitize: 'html', transform: '{{ $trigger.body }}' });
  const headers = { 'content-type': 'text/plain' };
  expect(await triggerOf(await send(plain, { headers, body: '<style>x</style>hi' }))).toBe('hi');
});

const result = (nodes: object[], over: object = {}) => hooked({ respond: 'result', ...over }, nodes);
const JSON_OUT = 'application/json; charset=utf-8';
const respond = (config: object) => [{ id: 'a', type: 'respond', config }];

test('respond: result answers the output at the end', async () => {
  const answer = await send(
    await result([{ id: 'a', type: 'transform', config: { value: '{{ $trigger.body.n * 2 }}' } }]),
    {
      body: '{"n":21}',
    },
  );
  expect(answer).toMatchObject({ status: 200, text: '42', headers: { 'content-type': JSON_OUT } });
});

test('a respond node says status, headers and body; what it may not say is left out', async () => {
  const headers = { 'X-Mine': 'yes', 'Set-Cookie': 'a=b', 'Content-Length': '1', 'X-Content-Type-Options': 'none' };
  const answer = await send(await result(respond({ status: 201, headers, body: { ok: true } })));
  expect(answer).toMatchObject({ status: 201, body: { ok: true }, headers: { 'x-mine': 'yes' } });
  expect(answer.headers).toMatchObject({ 'content-type': JSON_OUT, 'x-content-type-options': 'nosniff' });
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.headers['content-length']).toBe(String(answer.text.length));
});

test('HTML goes out as given, under a policy that runs nothing', async () => {
  const page = '<script>alert(1)</script>';
  const answer = await send(await result(respond({ headers: { 'content-type': 'text/html' }, body: page })));
  expect(answer.text).toBe(page);
  expect(answer.headers['content-security-policy']).toBe("sandbox; default-src 'none'");
  const json = await send(await result(respond({ body: page })));
  expect(json).toMatchObject({ text: JSON.stringify(page), headers: { 'content-type': JSON_OUT } });
  expect((await send(await result(respond({ status: 204 })))).text).toBe('');
});

test('a failed execution is a problem with its id and code, and without its insides', async () => {
  const nodes = [{ id: 'a', type: 'fail', config: { message: 'the password is x', code: 'mine' } }];
  const answer = await send(await result(nodes));
  expect(answer).toMatchObject({ status: 500, body: { code: 'mine', status: 500 } });
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.text).not.toContain('password');
  expect((await execution(parts, answer.body.executionId)).status).toBe('failed');
});

/** The first execution of a workflow; lets the server go on between looks. */
async function firstOf(workflow: string): Promise<string> {
  for (;;) {
    const { body } = await callApi(app, key, 'listExecutions', { query: { workflow } });
    if (body.items.length > 0) return body.items[0].id;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const NAP = [{ id: 'a', type: 'delay', config: { for: '1h' } }];

test('what takes longer than `wait` is a 202, and goes on', async () => {
  const answer = await send(await result(NAP, { wait: '20ms' }));
  expect(answer.status).toBe(202);
  expect((await execution(parts, answer.body.executionId, (row) => row.status === 'waiting')).status).toBe('waiting');
});

test('a canceled execution answers who waits for it', async () => {
  const path = await result(NAP);
  const waiting = send(path, { headers: { 'idempotency-key': 'one' } });
  const again = waiting.then(() => send(path, { headers: { 'idempotency-key': 'one' } }));
  const id = await firstOf(path);
  await execution(parts, id, (row) => row.status === 'waiting');
  await callApi(app, key, 'cancelExecution', { params: { id } });
  expect(await waiting).toMatchObject({ status: 500, body: { code: 'interrupted', executionId: id } });
  expect(await again).toMatchObject({ status: 500, body: { executionId: id } });
});

test('the result comes from the history where another process runs the execution', async () => {
  const front = serverParts({ database, roles: ['webhook'] });
  const other = await createApi(front);
  await front.engine.start();
  const done = await send(await result(ECHO), { body: '{"n":1}', to: other });
  expect(done).toMatchObject({ status: 200, body: { body: { n: 1 } } });
  const answered = await send(await result(respond({ status: 203, body: 'x' })), { to: other });
  expect(answered).toMatchObject({ status: 203, text: '"x"' });
  const failed = await send(await result([{ id: 'a', type: 'fail', config: { message: 'm' } }]), { to: other });
  expect(failed.status).toBe(500);
  expect((await other.inject({ url: '/api/workflows', headers: { authorization: `Bearer ${key}` } })).statusCode).toBe(
    404,
  );
  await other.close();
  await front.engine.stop(0);
});

test('the database may go away while a caller waits for what is accepted', async () => {
  const front = serverParts({ database, roles: ['webhook'] });
  const { executions } = front.store;
  let looks = 0;
  const events: typeof executions.events = async (...asked) => {
    looks += 1;
    if (looks === 1) throw new MyelinError('store_unavailable');
    return await executions.events(...asked);
  };
  const other = await createApi({ ...front, store: { ...front.store, executions: { ...executions, events } } });
  const done = await send(await result(ECHO), { body: '{"n":1}', to: other });
  expect(done).toMatchObject({ status: 200, body: { body: { n: 1 } } });
  const hangs: typeof executions.events = () => new Promise(() => undefined);
  const away = await createApi({ ...front, store: { ...front.store, executions: { ...executions, events: hangs } } });
  expect((await send(await result(ECHO, { wait: '50ms' }), { to: away })).status).toBe(202);
  await Promise.all([other.close(), away.close()]);
});

test('a caller who waits gets the 202 when the server stops', async () => {
  const other = await createApi(parts);
  const path = await result(NAP);
  const waiting = send(path, { to: other });
  const id = await firstOf(path);
  await other.close();
  expect(await waiting).toMatchObject({ status: 202, body: { executionId: id } });
});

test('while the database is away the caller is told to come back', async () => {
  const down = serverParts({ database });
  const path = await hooked();
  Object.defineProperty(down.engine.committer, 'available', { value: false });
  const other = await createApi(down);
  const answer = await send(path, { to: other });
  expect(answer).toMatchObject({ status: 503, body: { code: 'store_unavailable' }, headers: { 'retry-after': '1' } });
  await other.close();
});

test('while too many executions wait, webhooks are refused and unknown ones still unknown; then they go on', async () => {
  const busy = serverParts({ roles: ['api', 'webhook'], queueLimit: 2 });
  const server = await createApi(busy);
  const owner = await newKey(busy.store);
  const name = newName();
  const body = { name, nodes: ECHO, triggers: [{ id: 'hook', type: 'webhook', path: name }] };
  await callApi(server, owner, 'createWorkflow', { body, query: { activate: 'true' } });
  const post = (path = name) => send(path, { body: '{}', to: server });
  for (let i = 0; i < 3; i++) expect((await post()).status).toBe(202);
  await busy.engine.backlog?.runOnce();
  const refused = await post();
  expect(refused).toMatchObject({ status: 503, body: { code: 'overloaded' } });
  expect(refused.headers['retry-after']).toBe('5');
  expect((await post(newName())).status).toBe(404);
  await claimAs(busy.store, newId(), 10);
  await busy.engine.backlog?.runOnce();
  expect((await post()).status).toBe(202);
  await server.close();
});
