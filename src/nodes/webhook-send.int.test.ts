/** Webhooks to a receiver that checks them as Standard Webhooks has it, over a real socket. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskContext } from '../core/node-type.ts';
import type { NewDelivery } from '../ports/deliveries.ts';
import { testEgress } from '../testing/egress.ts';
import { newId } from '../testing/factories.ts';
import { testTask } from '../testing/task.ts';
import { type WebhookSendConfig, webhookSendConfig, webhookSendNode } from './webhook-send.ts';

const secret = `whsec_${Buffer.from('a secret of 24 bytes or more').toString('base64')}`;
const heard: { headers: IncomingHttpHeaders; event: unknown }[] = [];
let answer: [status: number, body: string, headers?: Record<string, string>] = [204, ''];
const server = createServer(async (request, response) => {
  const body = await text(request);
  heard.push({
    headers: request.headers,
    event: new Webhook(secret).verify(body, request.headers as Record<string, string>),
  });
  const [status, said, headers] = answer;
  response.writeHead(status, headers).end(said);
});
const egress = testEgress();
const log: NewDelivery[] = [];
let kept: (string | null)[] = [];
const node = webhookSendNode({
  egress,
  deliveries: {
    note: async (delivery, data) => {
      log.push(delivery);
      kept.push(data);
    },
  },
  runtime: { now: Date.now, id: newId },
});
let url = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
});
afterAll(async () => {
  await egress.close();
  server.close();
});

async function send(
  config: Partial<WebhookSendConfig> = {},
  over: Partial<TaskContext> = {},
  to = url,
  keys = { secret },
) {
  const task = testTask({ partner: ['webhook', { url: to, ...keys }] }, { input: { id: 4 }, ...over });
  const result = await node.run(
    webhookSendConfig.parse({ connection: 'partner', type: 'order.created', ...config }),
    task,
  );
  return result.output as { id: string };
}

test('the receiver finds them signed, with the same id for each attempt', async () => {
  const first = await send();
  const again = await send({}, { attempt: 2 });
  const other = await send({ data: [1] }, { idempotencyKey: 'e1/other' });
  expect(first).toEqual({ id: expect.stringMatching(/^msg_[\w-]{27}$/), status: 204, response: '' });
  expect(again.id).toBe(first.id);
  expect(other.id).not.toBe(first.id);
  const [sent, , list] = heard;
  expect(sent).toMatchObject({
    headers: { 'webhook-id': first.id, 'content-type': 'application/json' },
    event: { type: 'order.created', data: { id: 4 } },
  });
  expect(list?.event).toMatchObject({ data: [1] });
});

test('each attempt is noted, without the secrets that an answer has', async () => {
  log.length = 0;
  answer = [410, `gone, hunter2\0${'x'.repeat(2_000)}`];
  const redact = (said: string) => said.replaceAll('hunter2', '[secret]');
  await expect(send({}, { redact })).rejects.toMatchObject({ code: 'http_client_error', data: { status: 410 } });
  answer = [503, 'later', { 'retry-after': '9' }];
  await expect(send({}, { isMasked: true })).rejects.toMatchObject({
    code: 'http_server_error',
    kind: 'transient',
    data: { retryAfterMs: 9_000 },
  });
  await expect(send({}, {}, 'http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'connection_failed' });
  expect(log).toMatchObject([
    { connection: 'partner', type: 'order.created', path: 'node', attempt: 1, status: 410, error: null },
    { status: 503, error: null, response: null },
    { status: null, error: 'connection_failed', response: null },
  ]);
  expect(log[0]?.response).toMatch(/^gone, \[secret\]x+$/);
  expect(log[0]?.response).toHaveLength(1_024);
});

test('what it said is kept, but where it held a secret', async () => {
  kept = [];
  answer = [200, ''];
  await send({ data: { a: [1] } });
  expect(heard.at(-1)?.event).toMatchObject({ data: { a: [1] } });
  await send({ data: { password: 'hunter2' } }, { redact: (said) => said.replaceAll('hunter2', '[secret]') });
  expect(heard.at(-1)?.event).toMatchObject({ data: { password: 'hunter2' } });
  expect(kept).toEqual(['{"a":[1]}', null]);
});

test('a type that a template made must be one', async () => {
  const resolved = webhookSendConfig.parse({ connection: 'partner', type: '{{ $json.type }}' });
  await expect(node.run({ ...resolved, type: 'a b' }, testTask())).rejects.toMatchObject({ code: 'config_invalid' });
});

test('while a secret is changed both sign, and either is enough', async () => {
  const fresh = `whsec_${Buffer.from('a newer secret of 24 bytes').toString('base64')}`;
  answer = [200, 'ok', {}];
  await send();
  expect(heard.at(-1)?.headers['webhook-signature']).toMatch(/^v1,\S+$/);
  // The receiver knows the old one only, by which it has verified what it heard.
  const changing = { secret: fresh, oldSecret: secret };
  await send({}, {}, url, changing);
  expect(heard.at(-1)?.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
  expect(heard.at(-1)?.event).toMatchObject({ type: 'order.created' });
});
