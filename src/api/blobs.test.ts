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
    'content-disposition': `attachment; filename="${hashOf(page)}"`,
  });
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
