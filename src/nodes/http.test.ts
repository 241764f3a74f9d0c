import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { MyelinError } from '../core/errors.ts';
import type { TaskContext } from '../core/node-type.ts';
import type { Egress, EgressRequest, EgressResponse } from '../ports/egress.ts';
import { testTask } from '../testing/task.ts';
import { type HttpConfig, httpConfig, httpNode } from './http.ts';

type Reply = Partial<Omit<EgressResponse, 'body'>> & { body?: string | Uint8Array };

/** An egress that records requests and answers from a list; the last answer repeats. */
function fake(...replies: Reply[]) {
  const requests: EgressRequest[] = [];
  const egress: Pick<Egress, 'request'> = {
    async request(request) {
      const reply = replies[Math.min(requests.length, replies.length - 1)] ?? {};
      requests.push(request);
      const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : (reply.body ?? new Uint8Array());
      return { status: 200, headers: {}, url: request.url, ...reply, body };
    },
  };
  return { requests, node: httpNode(egress) };
}

const NOW = Date.parse('2026-03-01T12:00:00Z');
const signal = new AbortController().signal;
const task: TaskContext = {
  executionId: 'e1',
  projectId: 'p1',
  path: 'fetch',
  attempt: 1,
  isMasked: false,
  redact: (text) => text,
  connection: () => Promise.reject(new Error('not in this test')),
  idempotencyKey: 'e1/fetch',
  signal,
  input: {},
  env: { $now: NOW },
};
const URL_A = 'https://api.example.com/a';
const json = (value: unknown, extra: Reply = {}): Reply => ({
  ...extra,
  headers: { 'content-type': 'application/json', ...extra.headers },
  body: JSON.stringify(value),
});

async function send(config: Partial<HttpConfig>, ...replies: Reply[]) {
  const { node, requests } = fake(...replies);
  const result = await node.run({ url: URL_A, ...config }, task);
  return { request: requests[0]!, requests, output: result.output as Record<string, unknown> };
}

async function failure(config: Partial<HttpConfig>, ...replies: Reply[]): Promise<MyelinError> {
  const error: unknown = await send(config, ...replies).catch((thrown: unknown) => thrown);
  if (error instanceof MyelinError) return error;
  throw new Error('no MyelinError was thrown');
}

describe('the config', () => {
  const faults = (config: object): string[] =>
    (httpConfig.safeParse(config).error?.issues ?? []).map((issue: z.core.$ZodIssue) => issue.path.join('.'));

  it('takes the example, templates and everything at once', () => {
    expect(httpConfig.safeParse(fake().node.example).success).toBe(true);
    const full = {
      method: 'POST',
      url: 'https://example.com/{{ $json.id }}',
      headers: { 'x-a': '{{ $json.a }}', 'x-b': 1 },
      query: { tag: ['a', 'b'], page: 2 },
      body: { any: ['thing', null] },
      auth: { type: 'basic', user: 'u', password: '{{ $secrets.P }}' },
      timeout: '1m30s',
      response: 'json',
      maxBytes: '{{ $vars.max }}',
      allowStatus: [404, '5xx'],
      idempotent: true,
    };
    expect(faults(full)).toEqual([]);
    const paged = { url: URL_A, paginate: { next: 'body.next', cursorParam: 'c', items: 'body.items', max: 3 } };
    expect(faults(paged)).toEqual([]);
  });

  it.each([
    [{}, 'url'],
    [{ method: 'FETCH' }, 'method'],
    [{ timeout: '1mo' }, 'timeout'],
    [{ maxBytes: 0 }, 'maxBytes'],
    [{ auth: { type: 'digest' } }, 'auth.type'],
    [{ body: 'a', form: { a: 1 } }, 'form'],
    [{ method: 'POST', paginate: { next: 'link' } }, 'paginate'],
    [{ paginate: { next: '{{ x }}' } }, 'paginate.next'],
    [{ allowStatus: ['3xx'] }, 'allowStatus.0'],
  ])('names the fault of %j', (config, path) => {
    expect(faults(path === 'url' ? config : { url: URL_A, ...config })).toEqual([path]);
  });

  it('refuses unknown fields', () => {
    expect(httpConfig.safeParse({ url: URL_A, uri: 'x' }).success).toBe(false);
  });
});

it.each([
  ['https://API.example.com/a?b=c', 'api.example.com:443'],
  ['http://example.com', 'example.com:80'],
  ['http://[::1]:8080/x', '[::1]:8080'],
  ['not a url', undefined],
])('depends on the host and port of %s', (url, name) => {
  expect(fake().node.dependency?.({ url })).toBe(name);
});

describe('ports and effect', () => {
  it.each<[Partial<HttpConfig>, string]>([
    [{}, 'read'],
    [{ method: 'GET' }, 'read'],
    [{ method: 'HEAD' }, 'read'],
    [{ method: 'GET', idempotent: true }, 'read'],
    [{ method: 'PUT' }, 'idempotent'],
    [{ method: 'DELETE' }, 'idempotent'],
    [{ method: 'POST' }, 'irreversible'],
    [{ method: 'PATCH' }, 'irreversible'],
    [{ method: 'POST', idempotent: true }, 'idempotent'],
    [{ method: '{{ $json.method }}' }, 'irreversible'],
    [{ method: '{{ $json.method }}', idempotent: true }, 'idempotent'],
  ])('%j is %s', (config, effect) => {
    const { node } = fake();
    expect(node.effect({ url: URL_A, ...config })).toBe(effect);
    expect(node.ports({ url: URL_A, ...config })).toEqual(['out', 'error']);
  });
});

describe('the request', () => {
  it('is a GET without body by default, with the signal of the task', async () => {
    const { request } = await send({});
    expect(request).toEqual({ method: 'GET', url: URL_A, headers: {}, maxBytes: 16 * 1024 * 1024, signal });
    expect(request.signal).toBe(signal);
  });

  it('adds the query to the URL: lists repeat, nothing is left out', async () => {
    const { request } = await send({ url: `${URL_A}?x=1`, query: { a: ['1', 2], b: true, c: null, d: 'ä&b', e: [] } });
    expect(request.url).toBe(`${URL_A}?x=1&a=1&a=2&b=true&d=%C3%A4%26b`);
  });

  it.each([
    [{ a: [1] }, '{"a":[1]}', 'application/json'],
    [[1, null], '[1,null]', 'application/json'],
    [0, '0', 'application/json'],
    [null, 'null', 'application/json'],
    ['plain', 'plain', 'text/plain; charset=utf-8'],
    ['', '', 'text/plain; charset=utf-8'],
    [undefined, undefined, undefined],
  ])('sends the body %j as %j', async (body, wire, type) => {
    const { request } = await send({ method: 'POST', body });
    expect(request.body).toBe(wire);
    expect(request.headers?.['content-type']).toBe(type);
  });

  it('sends a form, and keeps a content type the user set', async () => {
    const form = await send({ method: 'POST', form: { a: 'x y', b: [1, 2] } });
    expect(form.request.body).toBe('a=x+y&b=1&b=2');
    expect(form.request.headers?.['content-type']).toBe('application/x-www-form-urlencoded');
    const own = await send({ method: 'POST', body: '<a/>', headers: { 'Content-Type': 'text/xml' } });
    expect(own.request.headers?.['content-type']).toBe('text/xml');
  });

  it.each<[HttpConfig['auth'], Record<string, string>]>([
    [
      { type: 'basic', user: 'Aladdin', password: 'open sesame' },
      { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' },
    ],
    [{ type: 'bearer', token: 't0k' }, { authorization: 'Bearer t0k' }],
    [{ type: 'header', name: 'X-Key', value: 'k' }, { 'x-key': 'k' }],
  ])('authenticates by %j', async (auth, headers) => {
    expect((await send({ auth })).request.headers).toEqual(headers);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s carries the idempotency key', async (method) => {
    expect((await send({ method })).request.headers).toEqual({ 'idempotency-key': 'e1/fetch' });
    const own = await send({ method, headers: { 'Idempotency-KEY': 'mine' } });
    expect(own.request.headers).toEqual({ 'idempotency-key': 'mine' });
  });

  it.each(['GET', 'HEAD'] as const)('%s carries none', async (method) => {
    expect((await send({ method })).request.headers).toEqual({});
  });

  it('hands on time limit and size limit', async () => {
    const { request } = await send({ timeout: '1m30s', maxBytes: 5 });
    expect(request).toMatchObject({ timeoutMs: 90_000, maxBytes: 5 });
  });

  it('skips headers that a template left empty, and writes numbers as text', async () => {
    expect((await send({ headers: { 'x-a': null, 'x-b': 7 } })).request.headers).toEqual({ 'x-b': '7' });
  });

  // What resolved templates may turn a valid config into.
  it.each<[object, RegExp]>([
    [{ headers: { 'x-a': 'hunter2\r\nx-b: 1' } }, /headers\.x-a .* line break/],
    [{ headers: { 'x-a': 'hunter2\n' } }, /line break/],
    [{ headers: { 'x-a': 'hunter2\0' } }, /control character/],
    [{ headers: { 'x-a': 'hunter2 €' } }, /Latin-1/],
    [{ headers: { 'x a': 'hunter2' } }, /no header name/],
    [{ headers: { 'x-a\r\nb': 'hunter2' } }, /no header name/],
    [{ headers: { 'x-a': { hunter2: 1 } } }, /headers\.x-a/],
    [{ headers: 'hunter2' }, /headers .* not an object/],
    [{ auth: { type: 'bearer', token: 'hunter2\r\n' } }, /line break/],
    [{ auth: { type: 'bearer', token: null } }, /auth\.token/],
    [{ auth: { type: 'basic', user: 'hunter2:', password: '' } }, /colon/],
    [{ query: { a: { hunter2: 1 } } }, /query\.a/],
    [{ method: 'hunter2' }, /method/],
    [{ url: 'hunter2' }, /url/],
    [{ url: 'file:///hunter2' }, /url/],
    [{ url: 'https://me:hunter2@example.com/' }, /url .* use `auth`/],
    [{ maxBytes: 'hunter2' }, /maxBytes/],
    [{ timeout: '5 minutes' }, /not a duration/],
  ])('%j is refused by field, and no value is shown', async (config, message) => {
    const error = await failure(config as Partial<HttpConfig>);
    expect(error.code).toBe('config_invalid');
    expect(error.message).toMatch(message);
    expect(JSON.stringify(error.toInfo())).not.toContain('hunter2');
  });

  it('may have its method from a template in lower case', async () => {
    expect((await send({ method: 'post' as HttpConfig['method'] })).request.method).toBe('POST');
  });
});

describe('the output', () => {
  const typed = (type: string, body: string | Uint8Array): Reply => ({ headers: { 'content-type': type }, body });
  const binary = (type: string, bytes: number[]) => ({
    base64: Buffer.from(bytes).toString('base64'),
    contentType: type,
    size: bytes.length,
  });

  it('holds status, headers and body', async () => {
    const { output } = await send({}, json({ id: 1 }, { status: 201, headers: { etag: 'x' } }));
    expect(output).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json', etag: 'x' },
      body: { id: 1 },
    });
  });

  it.each<[Reply, unknown]>([
    [typed('application/json; charset=utf-8', '[1]'), [1]],
    [typed('application/vnd.api+json', '{"a":1}'), { a: 1 }],
    [typed('application/json', '\ufeff{"a":1}'), { a: 1 }],
    [typed('application/json', ''), null],
    [typed('text/html', '<p>ä'), '<p>ä'],
    [typed('text/plain; charset=iso-8859-1', Uint8Array.of(0xe4)), 'ä'],
    [typed('text/plain; charset=no-such-set', 'ä'), 'ä'],
    [typed('application/xml', '<a/>'), '<a/>'],
    [typed('application/atom+xml', '<a/>'), '<a/>'],
    [typed('image/png', Uint8Array.of(1, 2)), binary('image/png', [1, 2])],
    [{ body: 'no type, but text' }, 'no type, but text'],
    [{ body: Uint8Array.of(0xff, 0xfe) }, binary('application/octet-stream', [0xff, 0xfe])],
    [{ status: 204 }, null],
  ])('reads %j by its content type', async (reply, body) => {
    expect((await send({}, reply)).output.body).toEqual(body);
  });

  it('is read as `response` says', async () => {
    const reply = typed('text/plain', '{"a":1}');
    expect((await send({ response: 'json' }, reply)).output.body).toEqual({ a: 1 });
    expect((await send({ response: 'text' }, json([1]))).output.body).toBe('[1]');
    expect((await send({ response: 'binary' }, reply)).output.body).toEqual(
      binary('text/plain', [...Buffer.from('{"a":1}')]),
    );
  });

  it('is an error where JSON is none, unsafe or too deep', async () => {
    expect(await failure({}, typed('application/json', '<html>hunter2'))).toMatchObject({
      code: 'http_invalid_answer',
      message: 'api.example.com/a did not answer JSON. The JSON is not well-formed, at position 0 (line 1, column 1).',
    });
    expect((await failure({}, typed('application/json', '{"__proto__":{}}'))).code).toBe('unsafe_key');
    expect((await failure({}, typed('application/json', '['.repeat(101) + ']'.repeat(101)))).code).toBe('too_deep');
  });
});

describe('a status from 400 on', () => {
  it.each([
    [400, 'http_client_error'],
    [404, 'http_client_error'],
    [408, 'http_rate_limited'],
    [425, 'http_rate_limited'],
    [429, 'http_rate_limited'],
    [500, 'http_server_error'],
    [503, 'http_server_error'],
  ])('%d is %s', async (status, code) => {
    const config: Partial<HttpConfig> = { method: 'POST', url: `${URL_A}?key=hunter2`, headers: { 'x-a': 'hunter2' } };
    const error = await failure(config, json({ why: 'because' }, { status }));
    expect(error.toInfo()).toMatchObject({
      code,
      message: `POST api.example.com/a answered ${status}.`,
      data: { status, body: '{"why":"because"}' },
    });
    expect(JSON.stringify(error.toInfo())).not.toContain('hunter2');
  });

  it('shows 2 KiB of a text and nothing of what is binary', async () => {
    const long = await failure({}, { status: 500, headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(5_000) });
    expect((long.data as { body: string }).body).toBe('x'.repeat(2_048));
    const image = await failure({}, { status: 500, headers: { 'content-type': 'image/png' }, body: 'x' });
    expect(image.data).toEqual({ status: 500 });
  });

  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT', date: 'Sun, 01 Mar 2026 12:00:20 GMT' }, 10_000],
    [{ 'retry-after': 'Sun, 01 Mar 2020 12:00:00 GMT' }, 0],
    [{ 'retry-after': '999999999' }, 86_400_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-1' }, undefined],
    [{}, undefined],
  ])('with %j asks for a wait of %j ms', async (headers, wait) => {
    for (const status of [429, 503]) {
      const error = await failure({}, { status, headers });
      expect((error.data as { retryAfterMs?: number }).retryAfterMs).toBe(wait);
    }
  });

  it('is an output where it is allowed', async () => {
    expect((await send({ allowStatus: [404] }, json(null, { status: 404 }))).output.status).toBe(404);
    expect((await send({ allowStatus: ['4xx'] }, { status: 429 })).output.status).toBe(429);
    expect((await failure({ allowStatus: [404, '4xx'] }, { status: 500 })).code).toBe('http_server_error');
  });

  it('below 400 is an output', async () => {
    expect((await send({}, { status: 304 })).output.status).toBe(304);
  });
});

describe('paging', () => {
  const link = (target: string) => ({ headers: { link: `<${URL_A}?p=0>; rel="first", <${target}>; rel="next"` } });

  it('follows Link headers and gathers the lists', async () => {
    const pages = [json([1, 2], link('/a?p=2')), json([3], link(`${URL_A}?p=3`)), json([4])];
    const { output, requests } = await send(
      { paginate: { next: 'link' }, auth: { type: 'bearer', token: 't' } },
      ...pages,
    );
    expect(output).toMatchObject({ status: 200, body: [1, 2, 3, 4], more: false });
    expect(requests.map((request) => request.url)).toEqual([URL_A, `${URL_A}?p=2`, `${URL_A}?p=3`]);
    expect(requests.every((request) => request.headers?.authorization === 'Bearer t')).toBe(true);
  });

  it.each([
    ['<https://api.example.com/n>; rel=next', 'n'],
    ['<https://api.example.com/n>; title="a, b"; rel="prev next"', 'n'],
    ['</p>; rel="prev", </n>; REL="NEXT"', 'n'],
    ['</n>; rel="last"', undefined],
    ['garbage', undefined],
  ])('reads the header %j', async (header, path) => {
    const { requests } = await send({ paginate: { next: 'link' } }, json([], { headers: { link: header } }), json([]));
    expect(requests[1]?.url).toBe(path && `https://api.example.com/${path}`);
  });

  it('follows a URL in the body', async () => {
    const pages = [json({ next: '/a?p=2', data: { items: [1] } }), json({ next: null, data: { items: [2] } })];
    const { output } = await send({ paginate: { next: 'body.next', items: 'body.data.items' } }, ...pages);
    expect(output.body).toEqual([1, 2]);
  });

  it('sends a cursor as a parameter, beside the others', async () => {
    const pages = [json({ c: 'x y', items: [1] }), json({ c: 7, items: [2] }), json({ c: '', items: [3] })];
    const paginate = { next: 'body.c', cursorParam: 'cursor', items: 'body.items' };
    const { output, requests } = await send({ query: { size: 1 }, paginate }, ...pages);
    expect(output.body).toEqual([1, 2, 3]);
    expect(requests.map((request) => new URL(request.url).search)).toEqual([
      '?size=1',
      '?size=1&cursor=x+y',
      '?size=1&cursor=7',
    ]);
  });

  it('stops after max pages, 10 where none is named, and says that there is more', async () => {
    let page = 0;
    const endless = (max?: number) => {
      const replies = Array.from({ length: 20 }, () => json([page], link(`/a?p=${++page}`)));
      return send({ paginate: { next: 'link', ...(max && { max }) } }, ...replies);
    };
    expect((await endless()).requests).toHaveLength(10);
    const short = await endless(2);
    expect(short.requests).toHaveLength(2);
    expect(short.output.more).toBe(true);
  });

  it('does not go round in a circle', async () => {
    const { requests, output } = await send({ paginate: { next: 'link' } }, json([1], link(URL_A)));
    expect(requests).toHaveLength(1);
    expect(output.more).toBe(false);
  });

  it.each(['https://evil.example/a', 'http://api.example.com/a', 'https://api.example.com:8443/a'])(
    'does not take credentials to %s',
    async (target) => {
      expect((await failure({ paginate: { next: 'link' } }, json([], link(target)))).code).toBe('egress_denied');
    },
  );

  it('is an error without a list, or with a cursor that has no parameter', async () => {
    expect((await failure({ paginate: { next: 'link' } }, json({ items: [] }))).code).toBe('http_invalid_answer');
    const cursor = await failure({ paginate: { next: 'body.c', items: 'body.i' } }, json({ c: 'http://[', i: [] }));
    expect(cursor.message).toMatch(/cursorParam/);
  });

  it('has one size limit for all pages', async () => {
    const reply = json(['12345678'], link('/a?p=2'));
    const size = JSON.stringify(['12345678']).length;
    const { requests } = await send({ maxBytes: size + 1, paginate: { next: 'link' } }, reply, json([]));
    expect(requests.map((request) => request.maxBytes)).toEqual([size + 1, 1]);
    const over = await failure({ maxBytes: size, paginate: { next: 'link' } }, reply, json([]));
    expect(over.code).toBe('http_too_large');
  });

  it('reads own keys only', async () => {
    const { requests } = await send({ paginate: { next: 'body.constructor.name' } }, json([]));
    expect(requests).toHaveLength(1);
  });
});

describe('a connection', () => {
  const by = async (url: string, connection: object = {}, more: Partial<HttpConfig> = {}) => {
    const { node, requests } = fake();
    const config = { baseUrl: 'https://api.example.com/v1', ...connection };
    await node.run({ connection: 'shop', url, ...more }, testTask({ shop: ['http', config] }));
    return requests[0]!;
  };

  it.each([
    ['/orders/4?a=1', 'https://api.example.com/v1/orders/4?a=1'],
    ['orders', 'https://api.example.com/v1/orders'],
    ['/', 'https://api.example.com/v1'],
    ['?page=2', 'https://api.example.com/v1/?page=2'],
    ['https://api.example.com/v1/orders', 'https://api.example.com/v1/orders'],
  ])('puts %s behind its base URL', async (url, whole) => {
    expect((await by(url)).url).toBe(whole);
  });

  it('keeps the query of its base URL', async () => {
    const request = await by('/a?x=1', { baseUrl: 'https://api.example.com/?x=0&v=2' }, { query: { y: 3 } });
    expect(request.url).toBe('https://api.example.com/a?x=1&v=2&y=3');
  });

  it.each([
    'https://evil.example/v1/a',
    'http://api.example.com/v1/a',
    '/../admin',
    '..\\admin',
    '\\\\evil.example/v1/a',
    '/%2e%2e/admin',
    'https://api.example.com/v10',
    'javascript:1',
  ])('does not take its credentials to %s', async (url) => {
    await expect(by(url)).rejects.toMatchObject({ code: 'config_invalid', data: { field: 'url' } });
  });

  it.each<[object, Record<string, string>]>([
    [{ auth: 'bearer', token: 't0k' }, { authorization: 'Bearer t0k' }],
    [{ auth: 'basic', user: 'u', password: 'p' }, { authorization: 'Basic dTpw' }],
    [{ auth: 'header', header: 'X-Key', value: 'k' }, { 'x-key': 'k' }],
  ])('signs in by %j', async (connection, headers) => {
    expect((await by('/', connection)).headers).toMatchObject(headers);
  });

  it('goes without auth in the config, and is what the task depends on', () => {
    const auth = { type: 'bearer', token: 't' };
    expect(httpConfig.safeParse({ url: '/', connection: 'shop', auth }).success).toBe(false);
    const { node } = fake();
    expect(node.dependency?.({ url: '/a', connection: 'shop' })).toBe('connection:shop');
  });
});
