import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { MyelinError } from '../../core/errors.ts';
import { createEgress, type EgressOptions } from './egress.ts';

const cleanups: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
});

function egress(options: Partial<EgressOptions> = {}) {
  const made = createEgress({ allow: [], loopback: true, ...options });
  cleanups.push(() => made.close());
  return made;
}

async function serve(listener: RequestListener, host = '127.0.0.1') {
  const server: Server = createServer(listener);
  const seen: string[] = [];
  server.on('request', (request) => seen.push(`${request.method} ${request.url}`));
  const port = await listen(server, host);
  cleanups.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://${host}:${port}`, port, seen, server };
}

async function listen(server: Server | ReturnType<typeof createTcpServer>, host: string, port = 0): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const text = (body: Uint8Array): string => Buffer.from(body).toString();

/** Resolves when the connection of the answer is gone. */
const closed = (response: ServerResponse): Promise<unknown> => once(response, 'close');

describe('an exchange', () => {
  it('sends method, headers and body, and reads the answer', async () => {
    const { url } = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.setHeader('constructor', 'x');
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ body: text(Buffer.concat(chunks)), headers: request.headers }));
    });
    const answer = await egress().request({
      method: 'post',
      url: `${url}/a?b=c#d`,
      headers: { 'X-Mine': '1' },
      body: 'hällo',
    });
    expect(answer.status).toBe(201);
    expect(answer.url).toBe(`${url}/a?b=c#d`);
    expect(answer.headers['set-cookie']).toBe('a=1, b=2');
    expect(Object.hasOwn(answer.headers, 'constructor')).toBe(false);
    const got = JSON.parse(text(answer.body)) as { body: string; headers: Record<string, string> };
    expect(got.body).toBe('hällo');
    expect(got.headers).toMatchObject({
      'x-mine': '1',
      host: new URL(url).host,
      'content-length': '6',
      'user-agent': 'Myelin',
      'accept-encoding': 'gzip, deflate, br',
    });
  });

  it('undoes compression and takes every status as an answer', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(503, { 'content-encoding': 'gzip' }).end(gzipSync('down'));
    });
    const answer = await egress().request({ method: 'GET', url });
    expect(answer.status).toBe(503);
    expect(text(answer.body)).toBe('down');
    expect(answer.headers).not.toHaveProperty('content-encoding');
  });

  it('keeps connections for the next request', async () => {
    const sockets = new Set<Socket>();
    const { url, server } = await serve((_, response) => response.end('ok'));
    server.on('connection', (socket) => sockets.add(socket));
    const client = egress();
    for (let count = 0; count < 5; count++) await client.request({ method: 'GET', url });
    // The pool may open a second one while the first is still putting its answer away.
    expect(sockets.size).toBeLessThan(3);
  });

  it('answers HEAD without a body, whatever length it announces', async () => {
    const { url } = await serve((_, response) => response.writeHead(200, { 'content-length': '999999999' }).end());
    const answer = await egress().request({ method: 'HEAD', url, maxBytes: 10 });
    expect(answer.body).toHaveLength(0);
    expect(answer.headers['content-length']).toBe('999999999');
  });
});

describe('refusals', () => {
  it('reach no server: loopback where it is not permitted, a name that leads there, CONNECT', async () => {
    const { url, port, seen } = await serve((_, response) => response.end());
    const client = egress({ loopback: false, lookup: async () => ['127.0.0.1', '::1', '10.0.0.1'] });
    for (const target of [url, `http://public.test:${port}/`, `http://localhost:${port}/`]) {
      await expect(client.request({ method: 'GET', url: target })).rejects.toMatchObject({ code: 'egress_denied' });
    }
    await expect(egress().request({ method: 'CONNECT', url })).rejects.toMatchObject({ code: 'egress_denied' });
    await expect(egress().request({ method: 'GET', url: 'no url' })).rejects.toMatchObject({ code: 'egress_denied' });
    expect(seen).toEqual([]);
  });

  it('let through what the allow list names, by name, port or range', async () => {
    const { port } = await serve((_, response) => response.end('in'));
    const lookup = async () => ['127.0.0.1'];
    for (const allow of ['intra.test', `intra.test:${port}`, '*.test', '127.0.0.0/8', '127.0.0.1']) {
      const answer = await egress({ allow: [allow], loopback: false, lookup }).request({
        method: 'GET',
        url: `http://intra.test:${port}/`,
      });
      expect(text(answer.body)).toBe('in');
    }
    const other = egress({ allow: ['intra.test:1'], loopback: false, lookup });
    await expect(other.request({ method: 'GET', url: `http://intra.test:${port}/` })).rejects.toMatchObject({
      code: 'egress_denied',
    });
  });

  it('dial only the permitted ones of several addresses', async () => {
    const { port, seen } = await serve((_, response) => response.end('good'), '127.0.0.2');
    const client = egress({
      allow: ['127.0.0.2/32'],
      loopback: false,
      lookup: async () => ['10.0.0.1', '127.0.0.1', '127.0.0.2'],
    });
    expect(text((await client.request({ method: 'GET', url: `http://mixed.test:${port}/` })).body)).toBe('good');
    expect(seen).toHaveLength(1);
  });
});

describe('a rebinding name', () => {
  // 127.0.0.2 stands for the public address, 127.0.0.1 for the private one.
  it('is dialed at the address that was checked, and checked anew for each connection', async () => {
    const good = await serve((_, response) => response.setHeader('connection', 'close').end('good'), '127.0.0.2');
    const secret = createServer((_, response) => response.end('secret'));
    const reached: unknown[] = [];
    secret.on('connection', (socket) => reached.push(socket));
    await listen(secret, '127.0.0.1', good.port);
    cleanups.push(async () => secret.close());

    const answers = [['127.0.0.2'], ['127.0.0.1']];
    let lookups = 0;
    const lookup = async () => answers[Math.min(lookups++, 1)]!;
    const client = egress({ allow: ['127.0.0.2/32'], loopback: false, lookup });
    const url = `http://rebind.test:${good.port}/`;

    expect(text((await client.request({ method: 'GET', url })).body)).toBe('good');
    expect(lookups).toBe(1);
    await expect(client.request({ method: 'GET', url })).rejects.toMatchObject({ code: 'egress_denied' });
    expect(lookups).toBe(2);
    expect(reached).toEqual([]);
  });

  it('keeps its name for TLS though an address is dialed', async () => {
    const hello = Promise.withResolvers<Buffer>();
    const tcp = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        hello.resolve(data);
        socket.destroy();
      });
    });
    const port = await listen(tcp, '127.0.0.1');
    cleanups.push(async () => tcp.close());
    const client = egress({ lookup: async () => ['127.0.0.1'] });
    await expect(client.request({ method: 'GET', url: `https://name.test:${port}/` })).rejects.toMatchObject({
      code: 'connection_failed',
    });
    expect((await hello.promise).includes('name.test')).toBe(true);
  });
});

describe('redirects', () => {
  it('are followed up to three, with the last address told', async () => {
    const { url, seen } = await serve((request, response) => {
      const step = Number(request.url?.slice(1));
      if (step < 3) response.writeHead(302, { location: `/${step + 1}` }).end('moved');
      else response.end('here');
    });
    const answer = await egress().request({ method: 'POST', url: `${url}/0`, body: 'x' });
    expect(answer.url).toBe(`${url}/3`);
    expect(seen).toEqual(['POST /0', 'GET /1', 'GET /2', 'GET /3']);
  });

  it('in a loop end after three', async () => {
    const { url, seen } = await serve((_, response) => response.writeHead(307, { location: '/again' }).end());
    await expect(egress().request({ method: 'GET', url })).rejects.toMatchObject({ code: 'egress_denied' });
    expect(seen).toHaveLength(4);
  });

  it.each([
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:127.0.0.1]/',
    'http://a@b/',
  ])('to %s are refused', async (location) => {
    const { url, seen } = await serve((_, response) => response.writeHead(302, { location }).end());
    await expect(egress().request({ method: 'GET', url })).rejects.toMatchObject({ code: 'egress_denied' });
    expect(seen).toHaveLength(1);
  });

  it('to a name that leads to a private address are refused', async () => {
    const { port } = await serve((_, response) => response.writeHead(302, { location: 'http://inner.test/' }).end());
    const lookup = async (name: string) => (name === 'outer.test' ? ['127.0.0.1'] : ['10.0.0.1']);
    const request = egress({ lookup }).request({ method: 'GET', url: `http://outer.test:${port}/` });
    await expect(request).rejects.toMatchObject({ code: 'egress_denied' });
  });

  it('to another host carry no credentials', async () => {
    let headers: object = {};
    const target = await serve((request, response) => {
      headers = request.headers;
      response.end();
    });
    const source = await serve((_, response) => response.writeHead(307, { location: target.url }).end());
    await egress().request({
      method: 'GET',
      url: source.url,
      headers: { Authorization: 'Bearer s', Cookie: 'a=b', 'X-Api-Key': 'k', 'X-Acme': 'm', Accept: 'text/plain' },
    });
    expect(headers).toMatchObject({ accept: 'text/plain' });
    for (const name of ['authorization', 'cookie', 'x-api-key', 'x-acme']) expect(headers).not.toHaveProperty(name);
  });
});

describe('limits', () => {
  it('stop a 100 MB answer long before its end, announced or not', async () => {
    const block = Buffer.alloc(64 * 1024);
    const total = 100 * 1024 * 1024;
    for (const headers of [{}, { 'content-length': String(total) }]) {
      const cut = Promise.withResolvers<number>();
      const { url } = await serve(async (_, response) => {
        response.writeHead(200, headers);
        let sent = 0;
        const gone = closed(response).then(() => cut.resolve(sent));
        for (; sent < total && !response.destroyed; sent += block.length) {
          if (!response.write(block)) await Promise.race([once(response, 'drain'), gone]);
        }
        response.end();
      });
      const request = egress().request({ method: 'GET', url, maxBytes: 1024 * 1024 });
      await expect(request).rejects.toMatchObject({ code: 'http_too_large' });
      expect(await cut.promise).toBeLessThan(total / 2);
    }
  });

  it('stop a gzip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    const { url } = await serve((_, response) => response.setHeader('content-encoding', 'gzip').end(bomb));
    const request = egress().request({ method: 'GET', url, maxBytes: 1024 * 1024 });
    await expect(request).rejects.toMatchObject({ code: 'http_too_large' });
  });

  it('end a hang, and the server sees the connection go', async () => {
    const gone = Promise.withResolvers<unknown>();
    const { url } = await serve((_, response) => gone.resolve(closed(response)));
    await expect(egress().request({ method: 'GET', url: `${url}/p?k=s3cret`, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'timeout',
      kind: 'transient',
      message: `${new URL(url).host}/p did not answer whole within 50 ms.`,
    });
    await gone.promise;
  });

  it('end a slow drip that never pauses for long', async () => {
    const gone = Promise.withResolvers<unknown>();
    const { url } = await serve((_, response) => {
      const drip = setInterval(() => response.write('.'), 5);
      response.on('close', () => gone.resolve(clearInterval(drip)));
    });
    await expect(egress().request({ method: 'GET', url, timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
    await gone.promise;
  });

  it('cover the look-up, and the body of a redirect', async () => {
    const hanging = egress({ lookup: () => new Promise(() => {}) });
    await expect(hanging.request({ method: 'GET', url: 'http://slow.test/', timeoutMs: 30 })).rejects.toMatchObject({
      code: 'timeout',
    });
    const { url } = await serve((_, response) => response.writeHead(302, { location: '/x' }).write('never ends'));
    await expect(egress().request({ method: 'GET', url, timeoutMs: 50 })).rejects.toMatchObject({ code: 'timeout' });
  });
});

describe('failures of the connection', () => {
  it('are transient: refused, unknown name, reset, cut in the middle, not HTTP', async () => {
    const refused = createTcpServer();
    const port = await listen(refused, '127.0.0.1');
    refused.close();
    await once(refused, 'close');
    const failing = { code: 'connection_failed', kind: 'transient' };
    const client = egress({
      lookup: async () => {
        throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
      },
    });
    const get = (url: string) => client.request({ method: 'GET', url });
    await expect(get(`http://127.0.0.1:${port}/a?token=s3cret`)).rejects.toMatchObject({
      ...failing,
      message: `The connection to 127.0.0.1:${port}/a failed (ECONNREFUSED).`,
    });
    await expect(get('http://nowhere.test/')).rejects.toThrow('The connection to nowhere.test/ failed (ENOTFOUND).');

    const reset = await serve((request) => (request.socket as Socket).resetAndDestroy());
    await expect(get(reset.url)).rejects.toMatchObject(failing);

    const cut = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('part', () => response.destroy());
    });
    await expect(get(cut.url)).rejects.toMatchObject(failing);

    const garbage = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.end('SSH-2.0-OpenSSH_9.9\r\n');
    });
    const garbagePort = await listen(garbage, '127.0.0.1');
    cleanups.push(async () => garbage.close());
    await expect(get(`http://127.0.0.1:${garbagePort}/`)).rejects.toMatchObject(failing);
  });

  it('come from close too, which waits for nobody', async () => {
    const arrived = Promise.withResolvers<void>();
    const { url } = await serve(() => arrived.resolve());
    const client = createEgress({ allow: [], loopback: true });
    const request = client.request({ method: 'GET', url });
    const rejected = expect(request).rejects.toMatchObject({ code: 'connection_failed' });
    await arrived.promise;
    await client.close();
    await rejected;
  });

  it('of the caller are permanent and show no value', async () => {
    const { url, seen } = await serve((_, response) => response.end());
    const request = egress().request({ method: 'GET', url, headers: { 'x-a': 's3cret\r\nx-b: 1' } });
    await expect(request).rejects.toThrow(expect.objectContaining({ code: 'config_invalid' }));
    await expect(request).rejects.toThrow(/invalid x-a header\.$/);
    for (const name of ['Host', 'transfer-encoding', 'Content-Length', 'connection']) {
      const framed = egress().request({ method: 'GET', url, headers: { [name]: '5' } });
      await expect(framed).rejects.toMatchObject({ code: 'config_invalid' });
    }
    expect(seen).toEqual([]);
  });
});

describe('abort', () => {
  it('frees the socket, before the answer and in its middle', async () => {
    for (const begin of [false, true]) {
      const arrived = Promise.withResolvers<ServerResponse>();
      const { url } = await serve((_, response) => {
        if (begin) response.write('a beginning');
        arrived.resolve(response);
      });
      const controller = new AbortController();
      const request = egress().request({ method: 'GET', url, signal: controller.signal });
      const rejected = expect(request).rejects.toMatchObject({ code: 'interrupted' });
      const gone = closed(await arrived.promise);
      controller.abort();
      await rejected;
      await gone;
    }
  });

  it('hands on the reason where it is an error of ours, also when aborted before', async () => {
    const { url, seen } = await serve((_, response) => response.end());
    const reason = new MyelinError('timeout', 'The node took too long.');
    const request = egress().request({ method: 'GET', url, signal: AbortSignal.abort(reason) });
    await expect(request).rejects.toBe(reason);
    expect(seen).toEqual([]);
  });
});

describe('fetch', () => {
  it('sends what a Request holds, but not what the connection sets, and answers a Response', async () => {
    const { url } = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ body: text(Buffer.concat(chunks)), headers: request.headers }));
    });
    const { fetch } = egress();
    const headers = { authorization: 'Bearer t', host: 'elsewhere', 'transfer-encoding': 'chunked' };
    for (const [input, init] of [
      [`${url}/a`, { method: 'POST', headers, body: 'hällo' }],
      [new URL(`${url}/a`), { method: 'POST', headers, body: new TextEncoder().encode('hällo') }],
      [new Request(`${url}/a`, { method: 'POST', headers, body: 'hällo' }), undefined],
    ] as const) {
      const answer = await fetch(input, init);
      expect(answer.status).toBe(201);
      expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      const got = (await answer.json()) as { body: string; headers: Record<string, string> };
      expect(got.body).toBe('hällo');
      expect(got.headers).toMatchObject({
        ...{ authorization: 'Bearer t', host: new URL(url).host, 'content-length': '6', 'accept-encoding': 'identity' },
      });
    }
    expect((await fetch(url, { method: 'HEAD' })).body).toBeNull();
  });

  it('hears a piece before the next one is sent', async () => {
    const sent = Promise.withResolvers<ServerResponse>();
    const { url } = await serve((_, response) => {
      response.write('one');
      sent.resolve(response);
    });
    const { body } = await egress().fetch(url);
    const reader = body!.getReader();
    expect(text((await reader.read()).value!)).toBe('one');
    (await sent.promise).end('two');
    expect(text((await reader.read()).value!)).toBe('two');
    expect((await reader.read()).done).toBe(true);
  });

  it('ends the socket when it is aborted: before the answer, in its middle, or when nobody reads on', async () => {
    for (const begin of [false, true]) {
      const arrived = Promise.withResolvers<ServerResponse>();
      const { url } = await serve((_, response) => {
        if (begin) response.write('a beginning');
        arrived.resolve(response);
      });
      const controller = new AbortController();
      const whole = egress()
        .fetch(url, { signal: controller.signal })
        .then((response) => response.text());
      const rejected = expect(whole).rejects.toMatchObject({ code: 'interrupted' });
      const gone = closed(await arrived.promise);
      controller.abort();
      await rejected;
      await gone;
    }
    const left = Promise.withResolvers<unknown>();
    const { url } = await serve((_, response) => {
      response.write('a beginning');
      left.resolve(closed(response));
    });
    await (await egress().fetch(url)).body!.cancel();
    await left.promise;
  });

  it('hands on the reason of the signal where it is an error of ours', async () => {
    const { url, seen } = await serve((_, response) => response.end());
    const reason = new MyelinError('timeout', 'The node took too long.');
    await expect(egress().fetch(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(seen).toEqual([]);
  });

  it('calls no address that is not permitted, by itself or by a redirect', async () => {
    const { url, port, seen } = await serve((_, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end(),
    );
    const denied = { code: 'egress_denied' };
    const closedOne = egress({ loopback: false, lookup: async () => ['127.0.0.1'] });
    for (const target of [
      url,
      `http://public.test:${port}/`,
      'http://user:pw@example.com/',
      'file:///etc/passwd',
      'x',
    ]) {
      await expect(closedOne.fetch(target)).rejects.toMatchObject(denied);
    }
    expect(seen).toEqual([]);
    await expect(egress().fetch(url)).rejects.toMatchObject(denied);
    await expect(egress().fetch(url, { redirect: 'error' })).rejects.toMatchObject(denied);
    expect((await egress().fetch(url, { redirect: 'manual' })).status).toBe(302);
  });

  it('follows redirects, without credentials to another host', async () => {
    let headers: object = {};
    const target = await serve((request, response) => {
      headers = request.headers;
      response.end('here');
    });
    const source = await serve((_, response) => response.writeHead(307, { location: target.url }).end());
    const answer = await egress().fetch(source.url, { headers: { authorization: 'Bearer s', accept: 'text/plain' } });
    expect(await answer.text()).toBe('here');
    expect(headers).toMatchObject({ accept: 'text/plain' });
    expect(headers).not.toHaveProperty('authorization');
    const loop = await serve((_, response) => response.writeHead(307, { location: '/again' }).end());
    await expect(egress().fetch(loop.url)).rejects.toMatchObject({ code: 'egress_denied' });
    expect(loop.seen).toHaveLength(4);
  });

  it('fails in our own words: a cut body, compression nobody asked for, a header that cannot be sent', async () => {
    const cut = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('part', () => response.destroy());
    });
    const answer = await egress().fetch(cut.url);
    await expect(answer.text()).rejects.toMatchObject({ code: 'connection_failed' });
    const zipped = await serve((_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('a')));
    await expect(egress().fetch(zipped.url)).rejects.toMatchObject({ code: 'http_invalid_answer' });
    const bad = egress().fetch(zipped.url, { headers: { 'x-a': 's3cret\r\nx-b: 1' } });
    await expect(bad).rejects.toMatchObject({ code: 'config_invalid', message: expect.not.stringContaining('s3cret') });
  });
});

describe('addresses for clients that dial by themselves', () => {
  it('are those that may be called, and no other', async () => {
    const lookup = async () => ['10.0.0.1', '93.184.216.34', '127.0.0.1'];
    expect(await egress({ loopback: false, lookup }).resolve('k1.test', 9_092)).toBe('93.184.216.34');
    expect(await egress({ loopback: true }).resolve('127.0.0.1', 9_092)).toBe('127.0.0.1');
    const listed = egress({ allow: ['k1.test:9092'], loopback: false, lookup });
    expect(await listed.resolve('k1.test', 9_092)).toBe('10.0.0.1');
    const denied = { code: 'egress_denied' };
    const inside = egress({ loopback: false, lookup: async () => ['10.0.0.1', '::1'] });
    for (const host of ['k1.test', '10.0.0.1', '169.254.169.254', '::1', '127.0.0.1']) {
      await expect(inside.resolve(host, 9_092), host).rejects.toMatchObject(denied);
    }
    const unknown = egress({ lookup: () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })) });
    await expect(unknown.resolve('nowhere.test', 1)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});

describe('sockets', () => {
  const reach = (client: ReturnType<typeof egress>, host: string, port: number) => {
    const socket = client.socket(host, port);
    const reached = once(socket, 'connect').finally(() => socket.destroy());
    // What it is given is not where it goes.
    socket.connect({ host: '203.0.113.1', port: 1 });
    return reached;
  };

  it('dial the host they were made for, at the address that was checked', async () => {
    const { port } = await serve((_, response) => response.end());
    await reach(egress(), '127.0.0.1', port);
    await reach(egress({ lookup: async () => ['127.0.0.1'] }), 'db.test', port);
    await reach(egress({ allow: ['db.test'], loopback: false, lookup: async () => ['127.0.0.1'] }), 'db.test', port);
    await reach(egress({ allow: [`127.0.0.1:${port}`], loopback: false }), '127.0.0.1', port);
  });

  it('reach no private address, by number or by name', async () => {
    const { port } = await serve((_, response) => response.end());
    const client = egress({ loopback: false, lookup: async () => ['127.0.0.1', '::1', '10.0.0.1'] });
    for (const host of ['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254', 'localhost', 'db.test']) {
      await expect(reach(client, host, port), host).rejects.toMatchObject({ code: 'egress_denied' });
    }
  });
});
