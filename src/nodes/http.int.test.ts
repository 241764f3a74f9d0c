import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEgress } from '../adapters/egress/egress.ts';
import type { TaskContext } from '../core/node-type.ts';
import { httpConfig, httpNode } from './http.ts';

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/list') {
    const page = Number(url.searchParams.get('page') ?? 1);
    const next = page < 3 ? { link: `</list?page=${page + 1}>; rel="next"` } : {};
    response.writeHead(200, { 'content-type': 'application/json', ...next }).end(JSON.stringify([page]));
  } else if (url.pathname === '/busy') {
    response.writeHead(429, { 'retry-after': '3', 'content-type': 'text/plain' }).end('later');
  } else if (url.pathname !== '/hang') {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const echo = { query: url.search, headers: request.headers, body: Buffer.concat(chunks).toString() };
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync(JSON.stringify(echo)));
  }
});
const egress = createEgress({ allow: [], loopback: true });
const node = httpNode(egress);
let base = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await egress.close();
  server.closeAllConnections();
  server.close();
});

function run(config: object, signal = new AbortController().signal) {
  const task: TaskContext = {
    executionId: 'e1',
    projectId: 'p1',
    path: 'call',
    attempt: 1,
    isMasked: false,
    redact: (text) => text,
    connection: () => Promise.reject(new Error('not in this test')),
    idempotencyKey: 'e1/call',
    signal,
    input: {},
    env: {},
  };
  return node.run(httpConfig.parse(config), task);
}

it('sends over the wire what the config says, and reads the answer', async () => {
  const { output } = await run({
    method: 'POST',
    url: `${base}/echo?a=1`,
    query: { b: ['x', 'y'] },
    body: { text: 'ä' },
    auth: { type: 'bearer', token: 't0k' },
  });
  expect(output).toMatchObject({
    status: 200,
    body: {
      query: '?a=1&b=x&b=y',
      body: '{"text":"ä"}',
      headers: { authorization: 'Bearer t0k', 'content-type': 'application/json', 'idempotency-key': 'e1/call' },
    },
  });
});

it('reads pages', async () => {
  const { output } = await run({ url: `${base}/list`, paginate: { next: 'link' } });
  expect(output).toMatchObject({ body: [1, 2, 3], more: false });
});

it('throws for a status, a time limit and an abort', async () => {
  await expect(run({ url: `${base}/busy` })).rejects.toMatchObject({
    code: 'http_rate_limited',
    data: { status: 429, retryAfterMs: 3_000, body: 'later' },
  });
  await expect(run({ url: `${base}/hang`, timeout: '50ms' })).rejects.toMatchObject({ code: 'timeout' });
  const controller = new AbortController();
  server.once('request', () => controller.abort());
  await expect(run({ url: `${base}/hang` }, controller.signal)).rejects.toMatchObject({ code: 'interrupted' });
});
