/** The client against a server of the test's own, which says and does what real ones and networks do. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { ApiError, createClient, workflow } from './index.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answer = (response: ServerResponse, seen: Seen) => void;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Answers in turn; the last one again and again. */
async function serve(...answers: Answer[]): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    seen.push({ method, url, headers, body: await text(request) });
    answers[Math.min(seen.length, answers.length) - 1]?.(response, seen.at(-1)!);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

const at = '2026-07-01T12:00:00.000Z';
const definition = workflow('demo').node('a', 'join').build();
const saved = { id: 'w1', name: 'demo', version: 2, status: 'active', definition, createdAt: at, updatedAt: at };
const event = (seq: number, type: string) => ({ seq, type, at, data: { path: 'a' } });
const sse = (...events: ReturnType<typeof event>[]) =>
  events.map((one) => `id: ${one.seq}\nevent: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`).join('');

test('sends documents of builders, the key and the version, and reads the answer', async () => {
  const { url, seen } = await serve(json(201, saved), json(200, saved), json(202, { executionIds: ['a', 'b'] }));
  const client = createClient({ url: `${url}/`, apiKey: 'secret' });
  const created = await client.workflows.create(workflow('demo').node('a', 'join'), { activate: true });
  expect(created).toEqual(saved);
  await client.workflows.update('odd/name', definition, { version: 2 });
  expect(await client.workflows.executeMany('demo', [1, 2], { idempotencyKey: 'k' })).toEqual(['a', 'b']);
  expect(seen.map(({ method, url: path }) => `${method} ${path}`)).toEqual([
    'POST /api/workflows?activate=true',
    'PUT /api/workflows/odd%2Fname',
    'POST /api/workflows/demo/execute',
  ]);
  expect(JSON.parse(seen[0]!.body)).toEqual(definition);
  expect(seen[0]!.headers.authorization).toBe('Bearer secret');
  expect(seen[1]!.headers['if-match']).toBe('"2"');
  expect(seen[2]!.headers['idempotency-key']).toBe('k');
});

test('a blob goes and comes as bytes, with its media type', async () => {
  const hash = 'a'.repeat(64);
  const content = Uint8Array.from([0, 255, 10, 128]);
  const bytes: Answer = (response) => response.writeHead(200, { 'content-type': 'image/png' }).end(content);
  const { url, seen } = await serve(json(201, { hash, size: 4, mediaType: 'image/png' }), bytes);
  const { blobs } = createClient({ url });
  expect(await blobs.upload(content, 'image/png')).toEqual({ hash, size: 4, mediaType: 'image/png' });
  expect(seen[0]).toMatchObject({ method: 'POST', url: '/api/blobs', headers: { 'content-type': 'image/png' } });
  expect(seen[0]!.headers['content-length']).toBe('4');
  expect(await blobs.get(hash)).toEqual({ mediaType: 'image/png', content });
  expect(seen[1]!.url).toBe(`/api/blobs/${hash}`);
});

test('prompts are saved, read by version, activated and deleted', async () => {
  const prompt = { name: 'a', version: 1, active: 2, text: 'x', note: null, createdAt: at, versions: [] };
  const { url, seen } = await serve(json(200, prompt), json(200, prompt), json(200, prompt), (response) =>
    response.writeHead(204).end(),
  );
  const { prompts } = createClient({ url });
  expect(await prompts.save('a', { text: 'x' })).toEqual(prompt);
  await prompts.get('a', { version: 1 });
  await prompts.activate('a', 1);
  await prompts.delete('a');
  expect(seen.map(({ method, url: path, body }) => `${method} ${path} ${body}`)).toEqual([
    'PUT /api/prompts/a {"text":"x"}',
    'GET /api/prompts/a?version=1 ',
    'POST /api/prompts/a/activate {"version":1}',
    'DELETE /api/prompts/a ',
  ]);
});

test('schemas of messages are put, read by version, listed and deleted', async () => {
  const version = { version: 2, policy: 'allow', createdAt: at };
  const dataschema = '/api/event-schemas/a%2Fb/2';
  const schema = { ...version, type: 'a/b', schema: true, upcast: null, dataschema, versions: [version] };
  const page = { items: [{ ...version, type: 'a/b' }], nextCursor: null };
  const { url, seen } = await serve(
    ...[json(200, schema), json(200, schema), json(200, schema), json(200, page)],
    (response) => response.writeHead(204).end(),
  );
  const { schemas } = createClient({ url }).events;
  expect(await schemas.put('a/b', { schema: true, policy: 'allow' })).toEqual(schema);
  await schemas.get('a/b');
  await schemas.get('a/b', { version: 1 });
  expect(await schemas.list({ limit: 1 })).toEqual(page);
  await schemas.delete('a/b');
  expect(seen.map(({ method, url: path, body }) => `${method} ${path} ${body}`)).toEqual([
    'PUT /api/event-schemas/a%2Fb {"schema":true,"policy":"allow"}',
    'GET /api/event-schemas/a%2Fb ',
    'GET /api/event-schemas/a%2Fb/1 ',
    'GET /api/event-schemas?limit=1 ',
    'DELETE /api/event-schemas/a%2Fb ',
  ]);
});

test('a browser signs in by a link, hears who it is, and signs out', async () => {
  const who = { projectId: 'p', name: 'owner' };
  const link = { url: 'https://myelin.test/sign-in#token', expiresAt: at };
  const caller = { ...who, role: 'owner', via: 'browser', expiresAt: at };
  const gone: Answer = (response) => response.writeHead(204).end();
  const { url, seen } = await serve(json(200, link), json(200, who), json(200, caller), gone);
  const { signIn } = createClient({ url });
  expect(await signIn.link()).toEqual(link);
  expect(await signIn.begin({ link: 'token' })).toEqual(who);
  expect(await signIn.get()).toEqual(caller);
  expect(await signIn.end()).toBeUndefined();
  expect(seen.map(({ method, url: path, body }) => `${method} ${path} ${body}`)).toEqual([
    'POST /api/sign-in/links ',
    'POST /api/sign-in {"link":"token"}',
    'GET /api/sign-in ',
    'DELETE /api/sign-in ',
  ]);
});

test('a webhook keeps the slashes of its path and returns what was answered', async () => {
  const { url, seen } = await serve(json(200, { ok: true }), (response) => response.end('plain'));
  const { webhooks } = createClient({ url });
  expect(await webhooks.send('a/b c', { x: 1 })).toEqual({ status: 200, body: { ok: true } });
  expect(await webhooks.send('a', undefined, { method: 'PUT' })).toEqual({ status: 200, body: 'plain' });
  expect(seen.map(({ method, url: path }) => `${method} ${path}`)).toEqual([
    'POST /webhooks/a/b%20c',
    'PUT /webhooks/a',
  ]);
});

test('a problem becomes an ApiError with all it said', async () => {
  const errors = [{ path: 'nodes[0].type', message: 'unknown node type' }];
  const problem = { type: 't', title: 'x', status: 422, detail: 'It has faults.', code: 'invalid_definition', errors };
  const { url } = await serve(json(422, problem, { 'retry-after': '7', 'content-type': 'application/problem+json' }));
  const failure = await createClient({ url })
    .workflows.create(definition)
    .catch((error) => error);
  expect(failure).toBeInstanceOf(ApiError);
  expect(failure).toMatchObject({
    code: 'invalid_definition',
    status: 422,
    detail: 'It has faults.',
    errors,
    retryAfter: 7,
  });
});

test.each<[string, Answer, string]>([
  [
    'no JSON',
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    'the body is not JSON',
  ],
  ['another form', json(200, { id: 'w1' }), 'name: '],
  ['an error page', (response) => response.writeHead(404).end('nginx'), 'it is no problem+json'],
  ['a redirect', (response) => response.writeHead(302, { location: 'http://x.test/' }).end(), 'HTTP 302'],
])('what is not Myelin is told apart: %s', async (_what, answer, words) => {
  const { url } = await serve(answer);
  const failure = await createClient({ url })
    .workflows.get('demo')
    .catch((error) => error);
  expect(failure.code).toBe('answer_invalid');
  expect(failure.message).toContain(words);
  expect(failure.message).toContain(url);
});

test('who does not answer is named, with what to do', async () => {
  const { url } = await serve();
  servers.splice(0)[0]?.close();
  const failure = await createClient({ url })
    .health.live()
    .catch((error) => error);
  expect(failure).toMatchObject({ code: 'unreachable', status: 0, isTransient: true });
  expect(failure.message).toBe(
    `Myelin cannot be reached at ${url}: connection refused. Start it with \`myelin start\`, or check the address.`,
  );
  expect(() => createClient({ url: 'localhost:4400' })).toThrow('write it like http://127.0.0.1:4400');
});

test('an answer that does not come in time, and one the caller gives up', async () => {
  const { url } = await serve(() => undefined);
  await expect(createClient({ url, timeout: 20 }).health.live()).rejects.toThrow('no answer in time');
  const reason = new Error('enough');
  await expect(createClient({ url }).health.live({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('events are followed over cut connections, once each, until the end', async () => {
  const stream =
    (body: string, end: (response: ServerResponse) => void): Answer =>
    (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`: hello\n\n${body}`, () => end(response));
    };
  const { url, seen } = await serve(
    stream(sse(event(1, 'execution.created')), (response) => response.end()),
    json(503, { type: 't', title: 'x', status: 503, detail: 'Wait.', code: 'store_unavailable' }),
    stream(`${sse(event(1, 'execution.created'), event(2, 'node.started'))}data: {"cut`, (response) =>
      response.destroy(),
    ),
    stream(sse(event(3, 'execution.completed')), (response) => response.end()),
  );
  const got: number[] = [];
  for await (const one of createClient({ url }).executions.events('e1', { delay: 1 })) got.push(one.seq);
  expect(got).toEqual([1, 2, 3]);
  expect(seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1', '1', '2']);
  expect(seen[0]).toMatchObject({ url: '/api/executions/e1/events', headers: { accept: 'text/event-stream' } });
});

test('following stops at 204, at a refusal, when its patience ends and when told', async () => {
  const follow = async (url: string, options = {}) => {
    for await (const _ of createClient({ url }).executions.events('e1', { delay: 1, after: 3, ...options }));
    return 'ended';
  };
  expect(await follow((await serve((response) => response.writeHead(204).end())).url)).toBe('ended');
  const problem = { type: 't', title: 'x', status: 404, detail: 'None.', code: 'execution_not_found' };
  await expect(follow((await serve(json(404, problem))).url)).rejects.toThrow('None.');
  await expect(follow('http://127.0.0.1:9', { patience: -1 })).rejects.toThrow('cannot be reached');
  const control = new AbortController();
  const { url } = await serve((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    control.abort(new Error('enough'));
  });
  await expect(follow(url, { signal: control.signal })).rejects.toThrow('enough');
});
