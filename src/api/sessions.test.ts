import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { newId, newName } from '../testing/factories.ts';
import { projectAll } from '../testing/session-events.ts';
import { createApi } from './api.ts';

const parts = serverParts();
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

const call = (...args: Parameters<typeof callApi> extends [unknown, unknown, ...infer R] ? R : never) =>
  callApi(app, key, ...args);
const start = async (over: object = {}) => {
  const { status, body, text } = await call('startSession', {
    body: { key: newName(), agent: 'sales', userId: 'ada', ...over },
  });
  expect(status, text).toBe(201);
  return body;
};
const say = (content: string) => ({ type: 'user.message.received', data: { messageId: newId(), content } });
const append = (id: string, expectedSeq: number, ...events: object[]) =>
  call('appendSessionEvents', { params: { id }, body: { expectedSeq, events } });
const answer = { type: 'agent.response.generated', data: { responseId: 'r', content: 'hi', contentType: 'text' } };

test('a session is begun, carried on, read and ended', async () => {
  const {
    id,
    key: name,
    seq,
  } = await start({ context: { color: 'blue' }, metadata: { channel: 'mail' }, tags: ['a'] });
  expect(seq).toBe(1);
  const { status, body } = await append(name, 1, say('hello'), answer);
  expect([status, body]).toEqual([201, { id, seq: 3 }]);
  const events = await call('listSessionEvents', { params: { id }, query: { after: '1', limit: '1' } });
  expect(events.body).toMatchObject({ items: [{ seq: 2, type: 'user.message.received' }], nextCursor: '2' });
  const at2 = await call('getSessionState', { params: { id }, query: { at: '2' } });
  expect(at2.body).toMatchObject({ seq: 2, context: { color: 'blue' }, messages: [{ role: 'user', seq: 2 }] });
  const ended = await call('endSession', { params: { id }, body: { reason: 'completed', summary: 'said hello' } });
  expect(ended.body).toMatchObject({ id, status: 'ended', seq: 4 });
  const state = await call('getSessionState', { params: { id } });
  expect(state.body).toMatchObject({
    seq: 4,
    summary: 'said hello',
    endReason: 'completed',
    counters: { messages: 2 },
  });
  await projectAll(parts.store);
  const timeline = await call('getSessionTimeline', { params: { id } });
  expect(timeline.body.items.map((one: { content: string }) => one.content)).toEqual(['hello', 'hi']);
  expect((await call('getSession', { params: { id: name } })).body).toMatchObject({
    messageCount: 2,
    lastResponse: 'hi',
  });
});

test('who wrote is noted by the server; what would keep an agent from answering is refused', async () => {
  const { id } = await start();
  const body = { expectedSeq: 1, by: 'ada', events: [answer] };
  expect((await call('appendSessionEvents', { params: { id }, body })).status).toBe(201);
  await append(id, 2, answer);
  const { body: events } = await call('listSessionEvents', { params: { id } });
  const writers = events.items.map((one: { by: unknown }) => one.by);
  expect(writers).toEqual([
    null,
    { key: expect.any(String), via: 'key', name: 'ada' },
    { key: writers[1].key, via: 'key' },
  ]);
  const { body: state } = await call('getSessionState', { params: { id } });
  expect(state.messages[0]).toMatchObject({ role: 'agent', content: 'hi', by: { name: 'ada' } });
  await projectAll(parts.store);
  const { body: timeline } = await call('getSessionTimeline', { params: { id } });
  expect(timeline.items[0].data.by).toMatchObject({ name: 'ada' });

  const forged = { ...answer, data: { ...answer.data, by: { key: 'root', via: 'browser' } } };
  expect((await append(id, 3, forged)).status).toBe(400);
  const image = { type: 'image', blob: 'a'.repeat(64), mediaType: 'image/png' };
  const shown = { type: 'user.message.received', data: { messageId: newId(), content: [image] } };
  expect((await append(id, 3, shown)).body.code).toBe('blob_not_found');
  const file = { projectId: DEFAULT_PROJECT, mediaType: 'image/png', data: Buffer.from('pixels'), isUpload: true };
  const { hash: blob } = await parts.store.files.put(file);
  const there = { ...shown, data: { ...shown.data, content: [{ ...image, blob }] } };
  expect((await append(id, 3, there)).status).toBe(201);
  const odd = { ...answer, data: { ...answer.data, content: { text: 'hi' } } };
  expect((await append(id, 4, odd)).body.errors[0]).toMatchObject({ path: 'body.events[0].data.content' });
  const hidden = { updateType: 'state', key: 'summary.upTo', newValue: 3 };
  expect((await append(id, 4, { type: 'session.context.updated', data: hidden })).status).toBe(400);
});

test('what others have written since, and what has ended, is refused', async () => {
  const { id, key: name } = await start();
  const again = await call('startSession', { body: { key: name, agent: 'sales' } });
  expect([again.status, again.body.code]).toEqual([409, 'session_conflict']);
  await append(id, 1, say('one'));
  const late = await append(id, 1, say('two'));
  expect([late.status, late.body.code]).toEqual([409, 'session_conflict']);
  expect(late.body.detail).toContain('number 2 by now, not 1');
  await call('endSession', { params: { id }, body: {} });
  expect((await append(id, 3, say('three'))).body.code).toBe('session_ended');
  expect((await call('endSession', { params: { id }, body: {} })).body.code).toBe('session_ended');
});

test('one is deleted, by its id or key, and begins anew; it may have a time of its own', async () => {
  const { id, key: name } = await start({ idle: '30m' });
  const { body: events } = await call('listSessionEvents', { params: { id } });
  expect(events.items[0]).toMatchObject({ data: { idleMs: 1_800_000 } });
  const stranger = await newKey(parts.store, newId());
  expect((await callApi(app, stranger, 'deleteSession', { params: { id } })).status).toBe(404);
  expect((await call('deleteSession', { params: { id: name } })).status).toBe(204);
  const gone = await call('deleteSession', { params: { id } });
  expect([gone.status, gone.body.code]).toEqual([404, 'session_not_found']);
  expect((await call('startSession', { body: { key: name, agent: 'sales' } })).body).toMatchObject({ seq: 1 });
  const hasty = await call('startSession', { body: { key: newName(), agent: 'sales', idle: '1s' } });
  expect(hasty.body).toMatchObject({ status: 400, errors: [{ message: expect.stringContaining('a minute or more') }] });
});

test('lists by filters, page by page', async () => {
  const agent = newName();
  for (const category of ['x', 'y', 'x']) await start({ agent, category, tags: ['red', 'big'] });
  await projectAll(parts.store);
  const first = await call('listSessions', { query: { agent, limit: '2' } });
  const rest = await call('listSessions', { query: { agent, limit: '2', cursor: first.body.nextCursor } });
  expect([first.body.items.length, rest.body.items.length, rest.body.nextCursor]).toEqual([2, 1, null]);
  const narrow = { agent, category: 'x', tags: 'red, big', status: 'active', user: 'ada', from: '2020-01-01' };
  expect((await call('listSessions', { query: narrow })).body.items).toHaveLength(2);
  expect((await call('listSessions', { query: { ...narrow, to: '2020-01-02' } })).body.items).toEqual([]);
  const metrics = await callApi(app, key, 'metrics');
  expect(metrics.text).toContain(`agent_sessions_active{agent_type="${agent}"} 3`);
});

test('finds what was said, and tells the figures of agents', async () => {
  const agent = newName();
  const { id } = await start({ agent });
  await append(id, 1, say('where is the zebra?'), answer);
  await projectAll(parts.store);
  const found = await call('recallSessions', { query: { q: 'zebra', session: id } });
  expect(found.body.items).toMatchObject([{ sessionId: id, seq: 2, kind: 'user', text: 'where is the zebra?' }]);
  const { body } = await call('getAgentPerformance', { query: { agent } });
  expect(body.items).toMatchObject([{ agent, sessions: 1, messages: 2, responses: 1, averageLatencyMs: null }]);
});

test('a projection is made anew, and says how far it is', async () => {
  await start();
  await projectAll(parts.store);
  const { status, text } = await call('rebuildProjection', { params: { name: 'message_timeline' } });
  expect(status).toBe(200);
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ done: 0, finished: false });
  expect(lines.at(-1)).toMatchObject({ done: lines[0].of, finished: true });
  expect((await call('rebuildProjection', { params: { name: 'users' } })).status).toBe(400);
});

test('other projects see and change nothing', async () => {
  const { id, key: name } = await start();
  const stranger = await newKey(parts.store, newId());
  for (const known of [id, name]) {
    const params = { id: known };
    const body = { expectedSeq: 1, events: [say('me')] };
    expect((await callApi(app, stranger, 'getSession', { params })).status).toBe(404);
    expect((await callApi(app, stranger, 'listSessionEvents', { params })).status).toBe(404);
    expect((await callApi(app, stranger, 'getSessionState', { params })).status).toBe(404);
    expect((await callApi(app, stranger, 'getSessionTimeline', { params })).status).toBe(404);
    expect((await callApi(app, stranger, 'appendSessionEvents', { params, body })).status).toBe(404);
    expect((await callApi(app, stranger, 'endSession', { params, body: {} })).status).toBe(404);
    expect((await callApi(app, stranger, 'recallSessions', { query: { q: 'a', session: known } })).status).toBe(404);
  }
  expect((await callApi(app, stranger, 'listSessions')).body.items).toEqual([]);
  expect((await callApi(app, stranger, 'getAgentPerformance')).body.items).toEqual([]);
});

test('bad requests are told what is wrong', async () => {
  const { id } = await start();
  const begun = await append(id, 1, { type: 'agent.session.started', data: {} });
  expect([begun.status, begun.body.errors[0].path]).toEqual([400, 'body.events[0].type']);
  const extra = await append(id, 1, { ...answer, data: { ...answer.data, more: 1 } });
  expect(extra.body.errors[0].path).toContain('body.events[0].data');
  expect((await call('listSessions', { query: { cursor: 'x' } })).status).toBe(400);
  expect((await call('getSessionState', { params: { id }, query: { at: '9' } })).body.detail).toContain('has 1 events');
  expect((await call('startSession', { body: { key: 'a\nb', agent: 'x' } })).status).toBe(400);
  expect(
    (
      await call('startSession', {
        body: '{"key":"p","agent":"x","context":{"__proto__":1}}',
        headers: { 'content-type': 'application/json' },
      })
    ).body.code,
  ).toBe('unsafe_key');
});
