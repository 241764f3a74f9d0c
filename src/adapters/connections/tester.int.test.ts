/** What a test of a connection says, over real sockets: that all is well, or what is wrong, and never a secret. */
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, test } from 'vitest';
import { connectionType, type Fields, parse } from '../../core/connections/parts.ts';
import { testEgress } from '../../testing/egress.ts';
import { testDatabase } from '../../testing/postgres.ts';
import { serveSmtp } from '../../testing/smtp-server.ts';
import { connectionTester } from './tester.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const CANARY = 'hunter2-canary';

async function run(type: string, config: Fields, egress = testEgress(), signal = new AbortController().signal) {
  closing.push(() => egress.close());
  const { open, secret } = parse(connectionType(type), config);
  const result = await connectionTester(egress, Date.now).test(type, { ...open, ...secret }, signal);
  expect(JSON.stringify(result)).not.toContain('canary');
  return result;
}

async function listen(server: ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const serve = async (listener: RequestListener) => `http://127.0.0.1:${await listen(createServer(listener))}`;
const nowhere = () => {
  const lookup = async () => {
    throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  };
  return testEgress({ lookup });
};
const locked = () => testEgress({ loopback: false });

describe('postgres', () => {
  async function config(changes: Fields = {}): Promise<Fields> {
    const database = await testDatabase();
    closing.push(() => database.drop());
    const { hostname: host, port, username, password, pathname } = new URL(database.url);
    const [user, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
    return { host, port: Number(port), user, password: secret, database: pathname.slice(1), tls: 'off', ...changes };
  }

  test('lets us in, and says its version', async () => {
    const result = await run('postgres', await config());
    expect(result).toMatchObject({ ok: true, message: expect.stringMatching(/^PostgreSQL \d+.* lets .+ in\.$/) });
  });

  test.each<[string, Fields, string]>([
    ['a wrong password', { password: CANARY }, 'Wrong user or password'],
    ['no password', { password: undefined }, 'Wrong user or password|asks .* for a password'],
    ['an unknown database', { database: 'nowhere' }, 'no database nowhere'],
    ['TLS where there is none', { tls: 'require' }, 'does not offer TLS'],
  ])('%s', async (_, changes, message) => {
    expect(await run('postgres', await config(changes))).toMatchObject({
      ok: false,
      message: expect.stringMatching(message),
    });
  });

  test('an unknown host, a port where nobody listens, and a server that is silent', async () => {
    const open = { host: 'db.test', database: 'd', user: 'u', password: CANARY };
    expect((await run('postgres', open, nowhere())).message).toBe('There is no host db.test: check its name.');
    const port = await closedPort();
    expect((await run('postgres', { ...open, host: '127.0.0.1', port })).message).toContain('takes no connections');
    const connected = Promise.withResolvers<void>();
    const silent = await listen(createTcpServer(() => connected.resolve()));
    const controller = new AbortController();
    const hung = run('postgres', { ...open, host: '127.0.0.1', port: silent }, testEgress(), controller.signal);
    await connected.promise;
    controller.abort();
    expect((await hung).ok).toBe(false);
  });
});

describe('smtp', () => {
  const from = 'shop@example.com';

  test('lets us in, without a mail', async () => {
    const server = await serveSmtp({ login: { user: 'u', password: CANARY } });
    closing.push(() => server.stop());
    const config = { host: '127.0.0.1', port: server.port, tls: 'off', user: 'u', password: CANARY, from };
    expect(await run('smtp', config)).toMatchObject({ ok: true, message: '127.0.0.1 lets u in.' });
    expect(server.mails).toEqual([]);
    const wrong = await run('smtp', { ...config, password: 'canary' });
    expect(wrong).toMatchObject({ ok: false, message: expect.stringContaining('Wrong user or password') });
    const bare = await run('smtp', { ...config, tls: 'starttls' });
    expect(bare).toMatchObject({ ok: false, message: expect.stringContaining('does not offer STARTTLS') });
    const tls = await run('smtp', { ...config, tls: 'tls' });
    expect(tls).toMatchObject({ ok: false, message: expect.stringContaining('TLS') });
  });

  test('an unknown host, and a port where nobody listens', async () => {
    expect((await run('smtp', { host: 'mail.test', from }, nowhere())).message).toContain('no host mail.test');
    const port = await closedPort();
    expect((await run('smtp', { host: '127.0.0.1', port, from })).message).toContain('takes no connections');
  });
});

describe('http', () => {
  test('sends the credentials, and says whether they were taken', async () => {
    const url = await serve((request, response) => {
      const good = request.headers.authorization === `Bearer ${CANARY}` || request.headers['x-key'] === CANARY;
      response.writeHead(good ? 404 : 401).end(CANARY);
    });
    const bearer = { baseUrl: url, auth: 'bearer', token: CANARY };
    expect(await run('http', bearer)).toMatchObject({ ok: true, details: { status: 404 } });
    expect((await run('http', { baseUrl: url, auth: 'header', header: 'x-key', value: CANARY })).ok).toBe(true);
    const basic = await run('http', { baseUrl: url, auth: 'basic', user: 'u', password: CANARY });
    expect(basic).toMatchObject({ ok: false, message: expect.stringContaining('does not take these credentials') });
  });

  test('trouble of the server, TLS where there is none, and an address that may not be called', async () => {
    const url = await serve((_, response) => response.writeHead(500).end());
    expect((await run('http', { baseUrl: url })).message).toContain('trouble of its own (500)');
    expect((await run('http', { baseUrl: url.replace('http:', 'https:') })).message).toContain('does not speak TLS');
    expect((await run('http', { baseUrl: `${url}/canary` }, locked())).message).toContain('may not call');
  });
});

describe('slack', () => {
  const api = async () => {
    const apiUrl = await serve(async (request, response) => {
      const body = await text(request);
      const known = request.headers.authorization === `Bearer ${CANARY}`;
      if (request.url === '/auth.test') {
        const answer = known ? { ok: true, team: 'Shop', user: 'myelin' } : { ok: false, error: 'invalid_auth' };
        response.end(JSON.stringify(answer));
      } else if (request.url === '/services/canary' && body === '{"text":""}') response.writeHead(400).end('no_text');
      else response.writeHead(403).end('invalid_token');
    });
    return apiUrl;
  };

  test('says who the bot is, and whether a webhook is known', async () => {
    const apiUrl = await api();
    expect((await run('slack', { token: CANARY, apiUrl })).message).toBe('Slack lets myelin into Shop.');
    expect((await run('slack', { token: 'canary', apiUrl })).message).toContain('(invalid_auth)');
    expect((await run('slack', { webhookUrl: `${apiUrl}/services/canary` })).ok).toBe(true);
    expect((await run('slack', { webhookUrl: `${apiUrl}/services/other-canary` })).ok).toBe(false);
    // Where the path is the secret, no message has it.
    expect((await run('slack', { webhookUrl: `${apiUrl}/services/canary` }, locked())).ok).toBe(false);
    const port = await closedPort();
    expect((await run('slack', { webhookUrl: `http://127.0.0.1:${port}/canary` })).ok).toBe(false);
  });
});

describe('webhook', () => {
  test('takes an event that is signed as the standard has it', async () => {
    const secret = `whsec_${Buffer.from('canary-canary-canary-canary').toString('base64')}`;
    const url = await serve(async (request, response) => {
      const body = await text(request);
      const event = new Webhook(secret).verify(body, request.headers as Record<string, string>);
      response.writeHead((event as { type: string }).type === 'myelin.test' ? 204 : 500).end();
    });
    expect(await run('webhook', { url, secret })).toMatchObject({ ok: true });
    const other = await serve((_, response) => response.writeHead(401).end());
    expect((await run('webhook', { url: other, secret })).message).toContain('same secret');
  });
});
