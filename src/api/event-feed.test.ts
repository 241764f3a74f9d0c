import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '../contract/routes.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, newKey, type Received, serverParts } from '../testing/api.ts';
import { FAILURE, newId, ownedCreation } from '../testing/factories.ts';
import { createApi } from './api.ts';

const parts = serverParts();
let app: Awaited<ReturnType<typeof createApi>>;
let key = '';
beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
  for (const [name, type, config] of [
    ['events', 'kafka', { brokers: '127.0.0.1:9092', tls: 'off' }],
    ['bus', 'nats', { servers: '127.0.0.1:4222', tls: 'off' }],
    ['shop', 'postgres', { host: 'h', database: 'd', user: 'u' }],
  ] as const) {
    expect(await call('createConnection', { body: { name, type, config } })).toMatchObject({ status: 201 });
  }
});
afterAll(() => app.close());

const call = (id: OperationId, sent: Parameters<typeof callApi>[3] = {}): Promise<Received> =>
  callApi(app, key, id, sent);
const put = (connection: string, target: object) => call('putEventFeed', { body: { connection, target } });

test('it is put, read, moved and removed', async () => {
  expect((await call('getEventFeed')).body).toEqual({ feed: null });
  expect(await call('deleteEventFeed')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  const made = await put('events', { topic: 'audit' });
  expect(made).toMatchObject({ status: 200 });
  expect(made.body).toMatchObject({
    ...{ connection: 'events', type: 'kafka', target: { topic: 'audit' }, state: 'listening', error: null },
    ...{ failures: 0, retryAt: null, waiting: 0, oldestAt: null },
  });
  expect((await call('getEventFeed')).body).toEqual({ feed: made.body });
  expect((await put('bus', { subject: 'audit' })).body).toMatchObject({
    ...{ connection: 'bus', type: 'nats', createdAt: made.body.createdAt },
  });
  expect(await call('deleteEventFeed')).toMatchObject({ status: 204 });
  expect((await call('getEventFeed')).body).toEqual({ feed: null });
});

test('it says what waits, and what is wrong', async () => {
  await put('events', { topic: 'audit' });
  await parts.store.executions.commit([ownedCreation(newId(), { projectId: DEFAULT_PROJECT })]);
  const putOff = { error: FAILURE, until: Date.now() + 60_000 };
  await parts.store.eventFeeds.send(DEFAULT_PROJECT, Date.now(), 10, async (_, events) => {
    return { left: new Map([[events[0]!.streamId, 1]]), putOff };
  });
  expect((await call('getEventFeed')).body.feed).toMatchObject({
    ...{ state: 'error', error: { code: FAILURE.code, message: FAILURE.message }, failures: 1, waiting: 2 },
    ...{ retryAt: new Date(putOff.until).toISOString(), oldestAt: expect.any(String) },
  });
  const changed = { params: { id: 'events' }, body: { config: { brokers: '127.0.0.1:9093', tls: 'off' } } };
  expect(await call('updateConnection', changed)).toMatchObject({ status: 200 });
  expect((await call('getEventFeed')).body.feed).toMatchObject({ state: 'error', retryAt: null });
  expect((await call('metrics')).text).toMatch(/^myelin_event_feed_lag_seconds [\d.]+$/m);
  await call('deleteEventFeed');
});

test.each<[string, object, string]>([
  ['gone', { topic: 'audit' }, 'connection'],
  ['shop', { topic: 'audit' }, 'connection'],
  ['events', {}, 'target.topic'],
  ['events', { topic: 'two words' }, 'target.topic'],
  ['bus', { topic: 'audit' }, 'target.subject'],
  ['events', { topic: 'a', more: 'x'.repeat(4_001) }, 'body.target'],
])('%s with %j is refused at %s', async (connection, target, path) => {
  const { status, body } = await put(connection, target);
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining(path) });
  expect(body.errors).toContainEqual({ path, message: expect.any(String) });
  expect((await call('getEventFeed')).body).toEqual({ feed: null });
});

test('its connection is neither deleted nor renamed', async () => {
  await put('events', { topic: 'audit' });
  const params = { id: 'events' };
  const refused = { status: 409, body: { code: 'connection_in_use', detail: expect.stringContaining('the feed') } };
  expect(await call('deleteConnection', { params })).toMatchObject(refused);
  expect(await call('updateConnection', { params, body: { name: 'other' } })).toMatchObject(refused);
  await call('deleteEventFeed');
  expect(await call('deleteConnection', { params })).toMatchObject({ status: 204 });
});
