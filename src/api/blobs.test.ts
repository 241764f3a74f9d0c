import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { newId } from '../testing/factories.ts';
import { createApi } from './api.ts';

const parts = serverParts();
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

const hashOf = (data: Buffer) => createHash('sha256').update(data).digest('hex');
const PIXELS = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe, 1]);

function upload(payload: Buffer, type: string | null = 'image/png', who = key) {
  const headers = { authorization: `Bearer ${who}`, ...(type !== null && { 'content-type': type }) };
  return app.inject({ method: 'POST', url: '/api/blobs', headers, payload });
}

function download(hash: string, who = key) {
  return app.inject({ method: 'GET', url: `/api/blobs/${hash}`, headers: { authorization: `Bearer ${who}` } });
}

test('content is stored by its hash, and comes back byte by byte', async () => {
  const stored = await upload(PIXELS);
  expect(stored.statusCode, stored.payload).toBe(201);
  expect(stored.json()).toEqual({ hash: hashOf(PIXELS), size: 8, mediaType: 'image/png' });
  expect((await upload(PIXELS)).json()).toEqual(stored.json());
  const back = await download(hashOf(PIXELS));
  expect(back.statusCode).toBe(200);
  expect(back.rawPayload).toEqual(PIXELS);
});

test('a stored script is served as nothing that a browser would run', async () => {
  const page = Buffer.from('<script>alert(document.domain)</script>');
  await upload(page, 'text/html');
  const { headers } = await download(hashOf(page));
  expect(headers).toMatchObject({
    'content-type': 'text/html',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'content-disposition': 'attachment',
  });
});

/** As a page of ours asks, by the cookie of who is signed in. */
async function embedded(hash: string, headers: Record<string, string> = {}) {
  const sent = {
    method: 'POST',
    url: '/api/sign-in',
    headers: { origin: 'http://localhost:80' },
    payload: { key },
  } as const;
  const [cookie] = [(await app.inject(sent)).headers['set-cookie']].flat();
  return app.inject({ url: `/api/blobs/${hash}`, headers: { cookie: String(cookie).split(';')[0]!, ...headers } });
}

test.each([
  ['text/html', 'application/octet-stream'],
  ['image/svg+xml', 'application/octet-stream'],
  ['IMAGE/SVG+XML', 'application/octet-stream'],
  ['text/javascript', 'application/octet-stream'],
  ['text/css', 'application/octet-stream'],
  ['application/pdf', 'application/octet-stream'],
  ['image/png', 'image/png'],
  ['audio/mpeg', 'audio/mpeg'],
])('a page that embeds %s gets %s', async (type, sent) => {
  const content = Buffer.from(`alert('${type}')`);
  await upload(content, type);
  const back = await embedded(hashOf(content));
  expect([back.statusCode, back.headers['content-type']]).toEqual([200, sent]);
  expect(back.headers['x-content-type-options']).toBe('nosniff');
  expect(back.rawPayload).toEqual(content);
});

test.each([
  ['bytes=2-4', 206, 'bytes 2-4/8', [2, 5]],
  ['bytes=6-', 206, 'bytes 6-7/8', [6, 8]],
  ['bytes=6-99', 206, 'bytes 6-7/8', [6, 8]],
  ['bytes=-3', 206, 'bytes 5-7/8', [5, 8]],
  ['bytes=-99', 206, 'bytes 0-7/8', [0, 8]],
  ['bytes=8-', 200, undefined, [0, 8]],
  ['bytes=-', 200, undefined, [0, 8]],
  ['bytes=0-1,4-5', 200, undefined, [0, 8]],
  ['lines=1-2', 200, undefined, [0, 8]],
] as const)('of a recording, %s is sent', async (range, status, part, [from, to]) => {
  await upload(PIXELS);
  const back = await embedded(hashOf(PIXELS), { range });
  expect([back.statusCode, back.headers['content-range']]).toEqual([status, part]);
  expect(back.rawPayload).toEqual(PIXELS.subarray(from, to));
});

test('how large one may be is told', async () => {
  expect((await callApi(app, key, 'getBlobLimits')).body).toEqual({ largest: 64 * 1024 });
});

test('JSON and YAML are content like any other', async () => {
  for (const type of ['application/json', 'application/yaml', 'text/plain; charset=utf-8']) {
    const broken = Buffer.from(`{"__proto__": ${type}`);
    expect((await upload(broken, type)).json()).toMatchObject({ hash: hashOf(broken), mediaType: type });
    expect((await download(hashOf(broken))).rawPayload).toEqual(broken);
  }
});

test.each([
  [Buffer.alloc(0), 'image/png', 400, /empty/],
  [PIXELS, null, 400, /Content-Type/],
  [PIXELS, 'png', 400, /Content-Type/],
  [PIXELS, `image/${'x'.repeat(300)}`, 400, /Content-Type/],
  [Buffer.alloc(65 * 1024), 'image/png', 413, /66560 bytes; at most 65536/],
])('%# is refused', async (data, type, status, detail) => {
  const { statusCode, payload } = await upload(data, type);
  expect(statusCode, payload).toBe(status);
  expect(JSON.parse(payload).detail).toMatch(detail);
});

test('what is not there, or of another project, is not found', async () => {
  await upload(PIXELS);
  const other = await newKey(parts.store, newId());
  expect((await download(hashOf(PIXELS), other)).json().code).toBe('blob_not_found');
  expect((await download('0'.repeat(64))).json().code).toBe('blob_not_found');
  expect((await callApi(app, key, 'getBlob', { params: { hash: 'x' } })).status).toBe(400);
  expect((await download(hashOf(PIXELS), 'wrong')).statusCode).toBe(401);
});
