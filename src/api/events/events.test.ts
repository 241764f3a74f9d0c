import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LARGEST_MESSAGE } from '../../core/cloud-event.ts';
import type { LoggedMessage } from '../../ports/messages.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { callApi, newKey, type ServerParts, serverParts } from '../../testing/api.ts';
import { newId } from '../../testing/factories.ts';
import { createApi } from '../api.ts';

let parts: ServerParts;
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  // Not started: what comes in stays in the log, where the test looks.
  parts = { ...serverParts(), maxBodyBytes: 2 * LARGEST_MESSAGE };
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

const send = (body: unknown, headers: Record<string, string> = {}) =>
  callApi(app, key, 'sendEvents', {
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

/** Takes what has come in since the last time. */
async function arrived(): Promise<LoggedMessage[]> {
  const all: LoggedMessage[] = [];
  await parts.store.messages.relay(Date.now(), 10_000, async (messages) => {
    all.push(...messages);
    return { done: messages.map(({ id }) => id), putOff: [] };
  });
  return all;
}

const cloudEvent = () => ({ specversion: '1.0', id: newId(), source: '/shop', type: 'order.created' });

test('plain JSON needs a type; the rest has defaults', async () => {
  const { status, body } = await send({ type: 'order.created', data: { n: 1 }, key: 'k', topic: 'orders' });
  expect(status).toBe(202);
  expect(await arrived()).toMatchObject([
    {
      projectId: DEFAULT_PROJECT,
      event: {
        specversion: '1.0',
        id: body.ids[0],
        source: '/api/events',
        type: 'order.created',
        time: expect.any(String),
        datacontenttype: 'application/json',
        data: { n: 1 },
        partitionkey: 'k',
        topic: 'orders',
      },
    },
  ]);
});

test('a list comes in order', async () => {
  const { body } = await send(['a', 'b', 'c'].map((type) => ({ type })));
  const messages = await arrived();
  expect(messages.map(({ event }) => event.type)).toEqual(['a', 'b', 'c']);
  expect(messages.map(({ event }) => event.id)).toEqual(body.ids);
  expect(messages[0]?.event).not.toHaveProperty('data');
});

test('structured and batch mode take CloudEvents as they are', async () => {
  const one = { ...cloudEvent(), data: null, traceparent: '00-1', subject: null, time: '2026-07-01T10:00:00+02:00' };
  const { body } = await send(one, { 'content-type': 'application/cloudevents+json; charset=utf-8' });
  expect(body).toEqual({ ids: [one.id] });
  const { subject: _, ...kept } = one;
  expect((await arrived()).map(({ event }) => event)).toEqual([{ ...kept, datacontenttype: 'application/json' }]);
  const two = [cloudEvent(), { ...cloudEvent(), data_base64: 'AAEC', datacontenttype: 'image/png' }];
  await send(two, { 'content-type': 'application/cloudevents-batch+json' });
  expect((await arrived()).map(({ event }) => event)).toMatchObject(two);
});

test.each([
  ['application/json', '{"n":1}', { data: { n: 1 } }],
  ['text/plain', 'hello', { data: 'hello' }],
  ['image/png', '\u0001\u0002', { data_base64: 'AQI=' }],
])('binary mode takes data of %s', async (type, body, data) => {
  const { id } = cloudEvent();
  const headers = { 'ce-specversion': '1.0', 'ce-id': id, 'ce-source': '/shop', 'ce-type': 'order.created' };
  const more = { 'ce-subject': 'caf%C3%A9', 'ce-causationdepth': '3', 'content-type': type };
  expect((await send(body, { ...headers, ...more })).body).toEqual({ ids: [id] });
  const wanted = { specversion: '1.0', id, source: '/shop', type: 'order.created', subject: 'café', causationdepth: 3 };
  expect((await arrived()).map(({ event }) => event)).toMatchObject([{ ...wanted, datacontenttype: type, ...data }]);
});

test('the same source and id are one message, and a key makes the ids of those that have none', async () => {
  const one = { ...cloudEvent(), data: 1 };
  const answers = await Promise.all(Array.from({ length: 5 }, () => send(one)));
  expect(answers.map(({ status, body }) => [status, body.ids])).toEqual(Array(5).fill([202, [one.id]]));
  expect(await arrived()).toHaveLength(1);
  const keyed = () => send([{ type: 'a' }, { type: 'b' }, { type: 'c', id: 'own' }], { 'idempotency-key': 'once' });
  const [first, second] = [await keyed(), await keyed()];
  expect(second.body).toEqual(first.body);
  expect(first.body.ids[2]).toBe('own');
  expect(await arrived()).toHaveLength(3);
  expect((await send([{ type: 'a' }], { 'idempotency-key': 'other' })).body.ids).not.toContain(first.body.ids[0]);
  expect(await arrived()).toHaveLength(1);
});

const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const BATCH = { 'content-type': 'application/cloudevents-batch+json' };

test.each<[unknown, Record<string, string>, string[]]>([
  [{}, {}, ['body.type']],
  [[], {}, ['body']],
  [[{ type: 'a' }, { type: 'two words' }], {}, ['body[1].type']],
  [{ type: 'a', key: 'x\ny' }, {}, ['body.key']],
  [{ type: 'a', key: 'x', partitionkey: 'x' }, {}, ['body.key']],
  [{ type: 'a', data: 1, data_base64: 'AAEC' }, {}, ['body.data_base64']],
  [{ type: 'a', bad_name: 1 }, {}, ['body.bad_name']],
  [{ type: 'a', extension: { deep: 1 } }, {}, ['body.extension']],
  [{ type: 'a', causationdepth: 50 }, {}, ['body.causationdepth']],
  [{ type: 'a', time: 'yesterday' }, {}, ['body.time']],
  [{ type: 'a', data: 'x'.repeat(LARGEST_MESSAGE) }, {}, ['body.data']],
  [{ type: 'a' }, STRUCTURED, ['body.specversion', 'body.id', 'body.source']],
  [[cloudEvent(), { ...cloudEvent(), source: undefined }], BATCH, ['body[1].source']],
  [cloudEvent(), BATCH, ['body']],
  ['hello', { 'content-type': 'text/plain', 'ce-type': 'a' }, ['headers.specversion', 'headers.id', 'headers.source']],
])('%j is refused and the fault named', async (body, headers, paths) => {
  const answer = await send(body, headers);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(paths);
  expect(await arrived()).toEqual([]);
});

test.each([
  ['', 'invalid_json'],
  ['{', 'invalid_json'],
  ['{"type":"a","data":{"__proto__":1}}', 'unsafe_key'],
])('the body %j is refused', async (text, code) => {
  expect(await send(text)).toMatchObject({ status: 400, body: { code } });
});

test('50 MB are refused in one piece, with what is taken, and what comes after is not', async () => {
  const problem = {
    code: 'body_too_large',
    detail: `The body has 50000001 bytes; at most ${2 * LARGEST_MESSAGE} are taken here.`,
  };
  const binary = { 'content-type': 'application/octet-stream', 'ce-type': 'a' };
  for (const headers of [{}, BATCH, binary] as Record<string, string>[]) {
    const answer = await send('x'.repeat(50_000_001), headers);
    expect(answer).toMatchObject({ status: 413, body: problem });
  }
  expect(await send({ type: 'after' })).toMatchObject({ status: 202 });
  expect((await arrived()).map(({ event }) => event.type)).toEqual(['after']);
});

test('without a key nothing comes in', async () => {
  const answer = await callApi(app, null, 'sendEvents', { body: { type: 'a' } });
  expect(answer).toMatchObject({ status: 401 });
  expect(await arrived()).toEqual([]);
});

describe('the log', () => {
  const list = async (query: Record<string, string>) => (await callApi(app, key, 'listEvents', { query })).body;

  test('is listed newest first, by type, topic and key, and each message read', async () => {
    const topic = newId();
    await send([
      { type: 'log.a', topic, data: { secret: 1 }, subject: 's' },
      { type: 'log.b', topic, key: 'k' },
      { type: 'log.c.d', topic },
    ]);
    await arrived();
    const types = async (query: Record<string, string>) =>
      (await list({ topic, ...query })).items.map(({ type }: { type: string }) => type);
    expect(await types({})).toEqual(['log.c.d', 'log.b', 'log.a']);
    expect(await types({ type: '*.b' })).toEqual(['log.b']);
    expect(await types({ key: 'k' })).toEqual(['log.b']);
    expect(await types({ to: '2000-01-01T00:00:00Z' })).toEqual([]);
    expect(await types({ from: '2000-01-01T00:00:00Z' })).toHaveLength(3);
    const first = await list({ topic, limit: '2' });
    const rest = await list({ topic, cursor: first.nextCursor });
    expect([...first.items, ...rest.items].map(({ type }) => type)).toEqual(['log.c.d', 'log.b', 'log.a']);
    expect(rest.nextCursor).toBeNull();
    const [row] = rest.items;
    expect(row).not.toHaveProperty('event');
    const params = { position: String(row.position) };
    const { body } = await callApi(app, key, 'getEvent', { params });
    expect(body).toMatchObject({ ...row, event: { type: 'log.a', data: { secret: 1 }, subject: 's' } });
  });

  test.each<[Record<string, string>]>([
    [{ type: 'two words' }],
    [{ from: 'today' }],
    [{ cursor: 'x' }],
    [{ word: '1' }],
  ])('%j is refused', async (query) => {
    expect(await callApi(app, key, 'listEvents', { query })).toMatchObject({ status: 400 });
  });

  test('what is not there is said to be', async () => {
    const answer = await callApi(app, key, 'getEvent', { params: { position: '999999999' } });
    expect(answer).toMatchObject({ status: 404, body: { code: 'message_not_found' } });
  });
});
