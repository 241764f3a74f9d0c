/** Webhooks sent again to a receiver that checks them as Standard Webhooks has it, over a real socket. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { NewDelivery } from '../ports/deliveries.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { newId, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const secret = `whsec_${Buffer.from('a secret of 24 bytes or more').toString('base64')}`;
const heard: { headers: IncomingHttpHeaders; body: string }[] = [];
let answer: [status: number, body: string];
const receiver = createServer(async (request, response) => {
  const body = await text(request);
  new Webhook(secret).verify(body, request.headers as Record<string, string>);
  heard.push({ headers: request.headers, body });
  response.writeHead(answer[0]).end(answer[1]);
});
const parts = serverParts({ roles: ['api'] });
let app: FastifyInstance;
let key = '';
let url = '';

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  await parts.connections.create(DEFAULT_PROJECT, { name: 'partner', type: 'webhook', config: { url, secret } });
});
afterAll(async () => {
  await app.close();
  await parts.engine.stop(0);
  receiver.close();
});
beforeEach(() => {
  heard.length = 0;
  answer = [200, 'ok'];
});

const FIRST_AT = Date.UTC(2026, 6, 1);

async function sent(over: Partial<NewDelivery> = {}, data: string | null = '{"id":4}'): Promise<NewDelivery> {
  const one = {
    ...{ id: newId(), projectId: DEFAULT_PROJECT, executionId: newId(), path: 'tell', attempt: 3 },
    ...{ connection: 'partner', type: 'order.created', messageId: `msg_${newName()}`, repeats: null, status: 503 },
    ...{ error: null, response: 'later', durationMs: 5, at: FIRST_AT, ...over },
  };
  await parts.store.deliveries.note(one, data);
  return one;
}

const resend = (id: string, headers: Record<string, string> = {}) =>
  callApi(app, key, 'resendDelivery', { params: { id }, headers });

test('the same body goes out under the same id, signed anew, and has an entry that names the first', async () => {
  const first = await sent();
  const { status, body } = await resend(first.id);
  expect(status).toBe(201);
  expect(body).toMatchObject({
    ...{ executionId: first.executionId, path: 'tell', attempt: 3, connection: 'partner', type: 'order.created' },
    ...{ messageId: first.messageId, repeats: first.id, isKept: true, status: 200, error: null, response: 'ok' },
  });
  expect(heard[0]?.headers['webhook-id']).toBe(first.messageId);
  expect(Number(heard[0]?.headers['webhook-timestamp'])).toBeGreaterThan(FIRST_AT / 1_000);
  expect(heard[0]?.body).toBe('{"type":"order.created","timestamp":"2026-07-01T00:00:00.000Z","data":{"id":4}}');
  const again = await resend(body.id);
  expect(again.body).toMatchObject({ repeats: first.id, status: 200 });
  expect(heard[1]?.body).toBe(heard[0]?.body);
  const { items } = (await callApi(app, key, 'listDeliveries', { query: { execution: first.executionId } })).body;
  expect(items.map((one: { id: string }) => one.id)).toEqual([again.body.id, body.id, first.id]);
});

test('the same key sends it once, and another key again', async () => {
  const first = await sent();
  const rivals = await Promise.all([1, 2, 3].map(() => resend(first.id, { 'idempotency-key': 'k' })));
  expect(new Set(rivals.map(({ body }) => body.id)).size).toBe(1);
  expect(heard).toHaveLength(1);
  const same = await resend(first.id, { 'idempotency-key': 'k' });
  expect(same.body).toMatchObject({ id: rivals[0]?.body.id, status: 200 });
  await resend(first.id, { 'idempotency-key': 'other' });
  expect(heard).toHaveLength(2);
});

test('what is wrong outside stands in the entry, without secrets', async () => {
  answer = [500, `we know ${secret}`];
  const refused = (await resend((await sent()).id)).body;
  expect(refused).toMatchObject({ status: 500, error: null });
  expect(refused.response).toBe('we know [secret partner.secret]');
  const config = { url: 'http://127.0.0.1:1/', secret };
  await parts.connections.create(DEFAULT_PROJECT, { name: 'gone', type: 'webhook', config });
  const silent = await resend((await sent({ connection: 'gone' })).id);
  expect(silent).toMatchObject({ status: 201, body: { status: null, error: 'connection_failed', response: null } });
});

test('of a workflow that masks what comes in, no answer is kept', async () => {
  const definition = { name: newName(), settings: { mask: { rules: ['email'] } }, nodes: [{ id: 'a', type: 'join' }] };
  const { body } = await callApi(app, key, 'createWorkflow', { body: definition, query: { activate: 'true' } });
  const started = await callApi(app, key, 'executeWorkflow', { params: { id: body.id }, body: {} });
  const one = await sent({ executionId: started.body.executionId });
  answer = [200, 'thanks, ada@example.com'];
  expect((await resend(one.id)).body).toMatchObject({ status: 200, response: null });
});

test.each([
  ['of which nothing is kept', () => sent({}, null).then(({ id }) => id), 409, 'delivery_not_kept'],
  ['that is not there', async () => newId(), 404, 'delivery_not_found'],
  ['of another project', () => sent({ projectId: newId() }).then(({ id }) => id), 404, 'delivery_not_found'],
  ['that is none', async () => 'x', 404, 'delivery_not_found'],
  ['whose connection is gone', () => sent({ connection: 'no' }).then(({ id }) => id), 422, 'connection_missing'],
])('one %s is refused', async (_, id, status, code) => {
  expect(await resend(await id())).toMatchObject({ status, body: { code } });
  expect(heard).toEqual([]);
});

test('who may only look sends nothing', async () => {
  const one = await sent();
  const viewer = await newKey(parts.store, DEFAULT_PROJECT, { role: 'viewer' });
  expect((await callApi(app, viewer, 'resendDelivery', { params: { id: one.id } })).status).toBe(403);
  expect(heard).toEqual([]);
});
