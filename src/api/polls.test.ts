/** Polls through the API: how they are getting on, and how they are made to look. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '../contract/routes.ts';
import { callApi, newKey, type Sent, serverParts } from '../testing/api.ts';
import { newId, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const parts = serverParts({ roles: ['api'] });
const { store } = parts;
let app: FastifyInstance;
let key: string;
const call = (id: OperationId, sent: Sent = {}) => callApi(app, key, id, sent);

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(store);
});
afterAll(() => app.close());

const NODES = [{ id: 'only', type: 'transform', config: { set: { item: '{{ $trigger.item }}' } } }];
const POLL = { type: 'poll', http: { url: 'https://a.example/', query: { since: '{{ $cursor }}' } }, every: '1h' };
const documentOf = (config: object) => ({
  ...{ name: newName(), triggers: [{ id: 'orders', cursor: '{{ $json.id }}', ...config }], nodes: NODES },
});
const create = async (config: object, activate = 'true') => {
  const { body } = await call('createWorkflow', { body: documentOf(config), query: { activate } });
  return (await call('listTriggers', { params: { id: body.id } })).body.items[0].id as string;
};

test('one of an active workflow looks when it is told to', async () => {
  const id = await create(POLL);
  const [due] = (await store.polls.take(Date.now(), Date.now() + 1, 10)).taken;
  expect(due).toMatchObject({ triggerId: id });
  const rest = {
    commits: [],
    freeAt: null,
    begun: true,
    cursor: 1,
    failures: 0,
    error: null,
    forget: false,
    remember: [],
  };
  await store.polls.step(due!, { ...rest, dueAt: Date.now() + 3_600_000, polledAt: Date.now() });
  expect((await call('pollNow', { params: { id } })).status).toBe(204);
  expect((await store.polls.take(Date.now(), Date.now() + 1, 10)).taken).toMatchObject([{ triggerId: id, cursor: 1 }]);
});

test('others are refused, in words', async () => {
  const codeOf = async (id: string) => (await call('pollNow', { params: { id } })).body.code;
  expect(await codeOf(await create(POLL, 'false'))).toBe('workflow_not_active');
  expect(await codeOf(await create({ type: 'manual', cursor: undefined }))).toBe('not_a_poll');
  expect(await codeOf(newId())).toBe('trigger_not_found');
});

test('what it would not understand is named when it is saved', async () => {
  const { body } = await call('createWorkflow', {
    body: documentOf({ ...POLL, http: { url: '{{ $json.x }} {{ $node.a }}' } }),
  });
  expect(JSON.stringify(body.errors)).toContain('triggers[0].http.url');
});
