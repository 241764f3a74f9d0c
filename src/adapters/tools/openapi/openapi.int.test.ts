import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { MyelinError } from '../../../core/errors.ts';
import type { Json } from '../../../core/json.ts';
import type { Egress } from '../../../ports/egress.ts';
import type { Logger } from '../../../ports/runtime.ts';
import type { Tools } from '../../../ports/tools.ts';
import { PETSTORE_FILE, type Petstore, servePetstore } from '../../../testing/petstore.ts';
import type { OpenapiSettings } from '../settings.ts';
import { createTools } from '../tools.ts';

let store: Petstore;
let folder: string;
let warned: object[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-openapi-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  store = await servePetstore();
  warned = [];
});
afterEach(() => store.stop());

/** As the port says, over the fetch of the runtime: the egress itself has tests of its own. */
const egress: Egress = {
  fetch: (url, init) => fetch(url, init),
  resolve: async (host: string) => host,
  socket: () => {
    throw new Error('not in this test');
  },
  async request({ method, url, headers = {}, body = null, timeoutMs = 30_000, maxBytes = 1e9, signal }) {
    const ends = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
    const sent = typeof body === 'string' || body === null ? body : Buffer.from(body);
    const response = await fetch(url, { method, headers, body: sent, signal: ends }).catch((error) => {
      throw new MyelinError('connection_failed', `The connection to ${new URL(url).host} failed.`, undefined, error);
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length > maxBytes) throw new MyelinError('http_too_large', `more than ${maxBytes} bytes`);
    return { status: response.status, headers: Object.fromEntries(response.headers), body: bytes, url };
  },
};

const log: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields) => warned.push(fields),
  error: () => undefined,
};

function toolsOf(settings: Partial<OpenapiSettings> = {}): Tools {
  const whole: OpenapiSettings = {
    ...{ kind: 'openapi', name: 'pets', description: '', effects: {}, timeoutMs: 5_000 },
    ...{ document: PETSTORE_FILE, baseUrl: store.url },
    ...settings,
  };
  return createTools({ egress, settings: [whole], secrets: { KEY: 'hunter2', PAIR: 'me:hunter2' }, log });
}

function documentOf(document: object | string): string {
  const file = join(folder, `${crypto.randomUUID()}.json`);
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  return file;
}

const never = new AbortController().signal;

const call = (tools: Tools, name: string, given: { [key: string]: Json } = {}, more: object = {}) =>
  tools.call({ id: `openapi:pets/${name}`, arguments: given, idempotencyKey: 'key-1', signal: never, ...more });

async function failure(promise: Promise<unknown>): Promise<MyelinError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof MyelinError) return error;
  throw new Error(`expected a MyelinError, got ${String(error)}`);
}

test('each operation is a tool, with the effect of its method', async () => {
  const found = await toolsOf().list('openapi:pets', never);
  expect(found.map(({ name, effect }) => [name, effect])).toEqual([
    ['listPets', 'read'],
    ['pets_create', 'irreversible'],
    ['getPet', 'read'],
    ['replacePet', 'idempotent'],
    ['delete_pets_id', 'idempotent'],
  ]);
  expect(found[1]).toEqual({
    id: 'openapi:pets/pets_create',
    name: 'pets_create',
    description: 'Makes a pet',
    parameters: {
      type: 'object',
      properties: {
        body: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string', minLength: 1 }, owner: { type: ['string', 'null'] }, parent: {} },
        },
      },
      required: ['body'],
      additionalProperties: false,
    },
    effect: 'irreversible',
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(found[2]?.parameters).toEqual({
    type: 'object',
    properties: { id: { type: 'string' }, id_query: { type: 'integer' } },
    required: ['id'],
    additionalProperties: false,
  });
  expect(warned).toEqual([{ source: 'openapi:pets', operation: 'uploadPhoto' }]);
});

test('the operator chooses among the operations, and knows better what they do', async () => {
  const found = await toolsOf({
    include: ['*Pet', 'pets.*'],
    effects: { 'pets.create': 'idempotent', 'get*': 'pure' },
  }).list('openapi:pets', never);
  expect(found.map(({ name, effect }) => [name, effect])).toEqual([
    ['pets_create', 'idempotent'],
    ['getPet', 'pure'],
    ['replacePet', 'idempotent'],
  ]);
});

test('parameters go where they belong, each in its own style', async () => {
  await call(toolsOf(), 'listPets', {
    tag: ['a b', 'c&d'],
    ids: [1, 2],
    filter: { color: 'red' },
    where: { age: 3 },
    'X-Trace': 't-1',
    Authorization: 'Bearer stolen',
  });
  const [{ method, url, headers }] = store.asked as [Petstore['asked'][number]];
  expect(`${method} ${url}`).toBe(
    'GET /v1/pets?tag=a%20b&tag=c%26d&ids=1,2&filter%5Bcolor%5D=red&where=%7B%22age%22%3A3%7D',
  );
  expect(headers).toMatchObject({ 'x-trace': 't-1' });
  expect(headers).not.toHaveProperty('authorization');
  expect(headers).not.toHaveProperty('idempotency-key');
});

test('a body is JSON of its own type, and the key goes along', async () => {
  const tools = toolsOf();
  await call(tools, 'pets_create', { body: { name: 'Rex' } });
  await call(tools, 'replacePet', { id: 'a/b ?', body: { name: 'Max' } });
  expect(store.asked).toMatchObject([
    { method: 'POST', url: '/v1/pets', body: '{"name":"Rex"}', headers: { 'content-type': 'application/json' } },
    {
      ...{ method: 'PUT', url: '/v1/pets/a%2Fb%20%3F', body: '{"name":"Max"}' },
      headers: { 'content-type': 'application/merge-patch+json', 'idempotency-key': 'key-1' },
    },
  ]);
});

test.each(['..', '.', '', null])('an argument of the path cannot climb or vanish: %j', async (id) => {
  expect(await failure(call(toolsOf(), 'getPet', { id }))).toMatchObject({ code: 'config_invalid' });
  expect(store.asked).toEqual([]);
});

test.each(['%2e%2e', '../admin', '..%2fadmin', 'x?admin=1', 'x#y', 'http://evil.example'])(
  'what looks like a part of the address is a value: %s',
  async (id) => {
    await call(toolsOf(), 'getPet', { id });
    expect(store.asked[0]?.url).toBe(`/v1/pets/${encodeURIComponent(id)}`);
  },
);

test('a header value cannot add headers', async () => {
  expect(await failure(call(toolsOf(), 'listPets', { 'X-Trace': 'a\r\nx-admin: 1' }))).toMatchObject({
    code: 'config_invalid',
  });
  expect(store.asked).toEqual([]);
});

test.each([
  [{ type: 'bearer', secret: 'KEY' }, { authorization: 'Bearer hunter2' }, '/v1/pets/1'],
  [{ type: 'basic', secret: 'PAIR' }, { authorization: `Basic ${btoa('me:hunter2')}` }, '/v1/pets/1'],
  [{ type: 'header', name: 'X-Key', secret: 'KEY' }, { 'x-key': 'hunter2' }, '/v1/pets/1'],
  [{ type: 'query', name: 'key', secret: 'KEY' }, {}, '/v1/pets/1?key=hunter2'],
] as const)('the key of the operator: %j', async (auth, headers, url) => {
  await call(toolsOf({ auth }), 'getPet', { id: '1' });
  expect(store.asked).toMatchObject([{ url, headers }]);
});

test('a key that is not set is named, and nothing is sent', async () => {
  const error = await failure(call(toolsOf({ auth: { type: 'bearer', secret: 'NONE' } }), 'getPet', { id: '1' }));
  expect(error).toMatchObject({ code: 'secret_missing' });
  expect(store.asked).toEqual([]);
});

test.each([
  [{ body: '{"a":1}', headers: { 'content-type': 'application/json; charset=utf-8' } }, { a: 1 }],
  [{ body: 'hello', headers: { 'content-type': 'text/plain' } }, 'hello'],
  [{ body: '<a/>', headers: { 'content-type': 'application/xml' } }, '<a/>'],
  [{ body: 'no json', headers: { 'content-type': 'application/json' } }, 'no json'],
  [{ status: 204 }, null],
  [
    { body: Buffer.from([0xff, 0xd8, 0xff]), headers: { 'content-type': 'image/jpeg' } },
    { type: 'file', mediaType: 'image/jpeg', size: 3 },
  ],
])('an answer becomes JSON, text or a note: %j', async (answer, output) => {
  store.answer(answer);
  expect(await call(toolsOf(), 'getPet', { id: '1' })).toEqual({ output, isError: false });
});

test('a 4xx is what the tool says', async () => {
  store.answer({ status: 404, body: '{"why":"no pet"}', headers: { 'content-type': 'application/json' } });
  expect(await call(toolsOf(), 'getPet', { id: '1' })).toEqual({
    output: { status: 404, body: { why: 'no pet' } },
    isError: true,
  });
});

test.each([
  [{ status: 500 }, { status: 500 }],
  [
    { status: 429, headers: { 'retry-after': '7' } },
    { status: 429, retryAfterMs: 7_000 },
  ],
  [{ status: 503, headers: { 'retry-after': 'soon' } }, { status: 503 }],
])('what may pass is the failure of the server: %j', async (answer, data) => {
  store.answer(answer);
  const error = await failure(call(toolsOf(), 'getPet', { id: '1' }));
  expect(error).toMatchObject({ code: 'tool_source_failed', kind: 'transient', data });
});

test('a connection that breaks, an answer that is too large, and one that would reach a prototype', async () => {
  const tools = toolsOf();
  store.answer(null);
  expect(await failure(call(tools, 'getPet', { id: '1' }))).toMatchObject({ code: 'tool_source_failed' });
  store.answer({ body: 'x'.repeat(1024 * 1024 + 1) });
  expect(await failure(call(tools, 'getPet', { id: '1' }))).toMatchObject({ code: 'tool_failed' });
  store.answer({ body: '{"__proto__":{"admin":true}}', headers: { 'content-type': 'application/json' } });
  expect(await failure(call(tools, 'getPet', { id: '1' }))).toMatchObject({ code: 'tool_failed' });
});

test('the signal of the caller', async () => {
  const signal = AbortSignal.abort(new MyelinError('canceled', 'no more'));
  expect(await failure(call(toolsOf(), 'getPet', { id: '1' }, { signal }))).toMatchObject({ code: 'canceled' });
});

test('an operation that was seen and then changed is another', async () => {
  const tools = toolsOf();
  const hash = (await tools.list('openapi:pets', never)).find(({ name }) => name === 'getPet')?.hash;
  expect(await call(tools, 'getPet', { id: '1' }, { hash })).toMatchObject({ isError: false });
  const elsewhere = toolsOf({ baseUrl: `${store.url}/admin` });
  expect(await failure(call(elsewhere, 'getPet', { id: '1' }, { hash }))).toMatchObject({ code: 'tool_changed' });
  expect(await failure(call(tools, 'nothing'))).toMatchObject({ code: 'tool_not_found' });
});

test('a document by address, which is asked again after a failure', async () => {
  const tools = toolsOf({ document: `${store.url}/openapi.yaml` });
  store.answer({ status: 500 });
  expect(await failure(tools.list('openapi:pets', never))).toMatchObject({ code: 'tool_source_failed' });
  store.answer({ body: readFileSync(PETSTORE_FILE) });
  expect(await tools.list('openapi:pets', never)).toHaveLength(5);
});

test('a document by address sends a key to no other host than its own', async () => {
  const auth = { type: 'bearer', secret: 'KEY' } as const;
  const settings = { name: 'pets', description: '', effects: {}, timeoutMs: 5_000, kind: 'openapi' } as const;
  const document = `${store.url}/openapi.yaml`;
  store.answer({ body: readFileSync(PETSTORE_FILE) });
  const open = (baseUrl: object) =>
    createTools({ egress, settings: [{ ...settings, document, auth, ...baseUrl }], secrets: { KEY: 'x' }, log });
  const error = await failure(open({}).list('openapi:pets', never));
  expect(error).toMatchObject({ code: 'config_refused' });
  expect(error.message).toContain('baseUrl');
  expect(await open({ baseUrl: 'http://127.0.0.1:1/' }).list('openapi:pets', never)).toHaveLength(5);
});

test.each([
  ['not there', '/nowhere/at/all.yaml', 'ENOENT'],
  ['no YAML', 'openapi: "3', 'line 1'],
  ['no object', '[1]', 'is no object'],
  ['another kind', { swagger: '2.0' }, 'OpenAPI 3.0 or 3.1'],
  ['unsafe', '{"openapi":"3.1.0","__proto__":{"a":1}}', '__proto__'],
  ['too deep', `{"openapi":"3.1.0","x":${'['.repeat(200)}${']'.repeat(200)}}`, 'nested'],
] as const)('a document that is %s is refused with its place', async (_, document, words) => {
  const isPath = typeof document === 'string' && document.startsWith('/');
  const file = isPath ? document : documentOf(document);
  const error = await failure(toolsOf({ document: file }).list('openapi:pets', never));
  expect(error).toMatchObject({ code: 'config_refused' });
  expect(error.message).toContain('tools.pets.openapi');
  expect(error.message).toContain(words);
});

test('names of operations are valid and apart', async () => {
  const operation = (operationId?: string) => ({ operationId, responses: {} });
  const document = documentOf({
    openapi: '3.1.0',
    paths: {
      '/a': { get: operation('a.b'), post: operation('a/b') },
      '/c/{x}': { get: operation(), parameters: [{ name: 'x', in: 'path', schema: true }] },
      [`/${'long/'.repeat(30)}`]: { get: operation() },
    },
  });
  const found = await toolsOf({ document }).list('openapi:pets', never);
  expect(found.slice(0, 3).map(({ name }) => name)).toEqual(['a_b', 'a_b_2', 'get_c_x']);
  for (const { name } of found) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
});
