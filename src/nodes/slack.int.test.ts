/** Posts to a server that answers as Slack does, over a real socket. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testEgress } from '../testing/egress.ts';
import { testTask } from '../testing/task.ts';
import { type SlackConfig, slackConfig, slackNode } from './slack.ts';

interface Post {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

const posts: Post[] = [];
let answer: [status: number, body: string | object, headers?: Record<string, string>] = [200, 'ok'];
const server = createServer(async (request, response) => {
  posts.push({ url: request.url, headers: request.headers, body: await json(request) });
  const [status, body, headers] = answer;
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
});
const egress = testEgress();
const node = slackNode(egress);
let url = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await egress.close();
  server.close();
});

async function post(config: Partial<SlackConfig>, now: typeof answer, connection: 'bot' | 'hook' = 'bot') {
  answer = now;
  posts.length = 0;
  const task = testTask({
    bot: ['slack', { token: 'xoxb-1', apiUrl: `${url}/api` }],
    hook: ['slack', { webhookUrl: `${url}/services/T/B/x` }],
  });
  const { output } = await node.run(slackConfig.parse({ connection, text: 'Hello', ...config }), task);
  return output;
}

test('a bot posts to a channel, and to a thread', async () => {
  const blocks = [{ type: 'divider' }];
  const config = { channel: '#orders', blocks, threadTs: '1.2' };
  expect(await post(config, [200, { ok: true, channel: 'C1', ts: '3.4' }])).toEqual({ channel: 'C1', ts: '3.4' });
  expect(posts).toMatchObject([
    {
      url: '/api/chat.postMessage',
      headers: { authorization: 'Bearer xoxb-1', 'content-type': 'application/json; charset=utf-8' },
      body: { channel: '#orders', text: 'Hello', blocks, thread_ts: '1.2' },
    },
  ]);
});

test('a webhook posts to its own', async () => {
  expect(await post({}, [200, 'ok'], 'hook')).toEqual({});
  expect(posts).toMatchObject([{ url: '/services/T/B/x', body: { text: 'Hello' } }]);
  await expect(post({ channel: '#a' }, [200, 'ok'], 'hook')).rejects.toMatchObject({ code: 'config_invalid' });
  await expect(post({}, [200, 'ok'])).rejects.toMatchObject({ code: 'config_invalid' });
});

describe('what Slack says', () => {
  test.each<[string, typeof answer, object]>([
    [
      'an unknown channel',
      [200, { ok: false, error: 'channel_not_found' }],
      { code: 'slack_refused', message: /invite/ },
    ],
    ['a wrong token', [200, { ok: false, error: 'invalid_auth' }], { code: 'connection_denied', message: /token/ }],
    [
      'a missing scope',
      [200, { ok: false, error: 'missing_scope' }],
      { code: 'connection_denied', message: /chat:write/ },
    ],
    [
      'blocks that are none',
      [200, { ok: false, error: 'invalid_blocks', response_metadata: { messages: ['block 1 is odd'] } }],
      { code: 'slack_refused', message: /block 1 is odd/ },
    ],
    [
      'too many messages',
      [429, { ok: false, error: 'ratelimited' }, { 'retry-after': '30' }],
      {
        code: 'http_rate_limited',
        kind: 'transient',
        data: { status: 429, retryAfterMs: 30_000, reason: 'ratelimited' },
      },
    ],
    ['trouble', [200, { ok: false, error: 'internal_error' }], { code: 'http_server_error', kind: 'transient' }],
    ['a balancer', [503, '<html>'], { code: 'http_server_error', data: { status: 503 } }],
    ['a word nobody knows', [200, { ok: false, error: 'new_word' }], { code: 'slack_refused', message: /new_word/ }],
    ['what cannot be read', [200, '<html>'], { code: 'slack_refused', message: /not Slack/, data: { sent: true } }],
    ['what is not Slack', [404, '<html>'], { code: 'slack_refused', message: /not Slack/, data: undefined }],
    ['a webhook that is gone', [404, 'no_service'], { code: 'connection_denied', message: /webhook/ }],
  ])('%s', async (_, now, { message, ...rest }: { message?: RegExp }) => {
    await expect(post({ channel: 'C1' }, now)).rejects.toMatchObject({
      ...rest,
      ...(message && { message: expect.stringMatching(message) }),
    });
  });
});
