/** Whether a request that failed had gone out: after that nobody knows what it did. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createEgress, type EgressOptions } from './egress.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function egress(options: Partial<EgressOptions> = {}) {
  const made = createEgress({ allow: [], loopback: true, ...options });
  cleanups.push(() => made.close());
  return made;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const failure = (request: Promise<unknown>) =>
  request.then(
    () => ({ code: 'none', data: null }),
    ({ code, data }: { code: string; data: unknown }) => ({ code, data }),
  );
const SENT = { sent: true };
const isGone: RequestListener = (request) => void request.socket.destroy();
const isSilent: RequestListener = () => undefined;

describe('it had gone out', () => {
  test.each([
    ['a connection that breaks before the answer', isGone, 'connection_failed'],
    ['a time-out', isSilent, 'timeout'],
    [
      'an answer that breaks',
      ((_, response) => {
        response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy());
      }) as RequestListener,
      'connection_failed',
    ],
    [
      'an answer that is too large',
      ((_, response) => void response.end('x'.repeat(99))) as RequestListener,
      'http_too_large',
    ],
    [
      'a redirect to where nobody may go',
      ((_, response) => void response.writeHead(303, { location: 'http://10.0.0.1/' }).end()) as RequestListener,
      'egress_denied',
    ],
  ])('%s', async (_, listener, code) => {
    const request = { method: 'POST', url: await serve(listener), timeoutMs: 300, maxBytes: 50 };
    expect(await failure(egress().request(request))).toEqual({ code, data: SENT });
  });

  test('by the fetch of libraries', async () => {
    expect(await failure(egress().fetch(await serve(isGone), { method: 'POST', body: 'x' }))).toMatchObject({
      data: SENT,
    });
  });
});

describe('nothing is in doubt after', () => {
  test('a connection that is refused', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const request = { method: 'POST', url: `http://127.0.0.1:${port}/` };
    expect(await failure(egress().request(request))).toEqual({ code: 'connection_failed', data: undefined });
  });

  test('a name that is not found in time', async () => {
    const made = egress({ lookup: () => new Promise(() => undefined) });
    const request = { method: 'POST', url: 'http://shop.example.com/', timeoutMs: 50 };
    expect(await failure(made.request(request))).toEqual({ code: 'timeout', data: undefined });
  });

  test('a request that changes nothing', async () => {
    const request = { method: 'GET', url: await serve(isGone) };
    expect(await failure(egress().request(request))).toEqual({ code: 'connection_failed', data: undefined });
  });

  test('a refusal whose body breaks', async () => {
    const url = await serve((_, response) => {
      response.writeHead(404, { 'content-length': 9 }).write('x', () => response.destroy());
    });
    expect(await failure(egress().request({ method: 'POST', url }))).toEqual({
      code: 'connection_failed',
      data: undefined,
    });
  });
});
