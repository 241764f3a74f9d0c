import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '../../contract/routes.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { callApi, newKey, type Sent, serverParts } from '../../testing/api.ts';
import { newId, newName, newWorkflow } from '../../testing/factories.ts';
import { createApi } from '../api.ts';

// Not started: what comes in stays in the log, where the test looks.
const parts = serverParts();
let app: FastifyInstance;
let key: string;
const call = (id: OperationId, sent: Sent = {}, who = key) => callApi(app, who, id, sent);
const put = (type: string, body: unknown, who = key) => call('putEventSchema', { params: { type }, body }, who);
const send = (body: unknown, headers = {}) =>
  call('sendEvents', { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

const number = { type: 'object', required: ['total'], properties: { total: { type: 'number' } } };
const text = { ...number, properties: { total: { type: 'string' } } };
const logged = async (type: string) => {
  const rows = await parts.store.messages.list({ projectId: DEFAULT_PROJECT, type, limit: 10 });
  return rows.map(({ event }) => event).reverse();
};

test('a schema is written in versions, shown, and deleted', async () => {
  const type = `shop/${newName()}`;
  const dataschema = `/api/event-schemas/${encodeURIComponent(type)}`;
  expect(await put(type, { schema: number, policy: 'reject' })).toMatchObject({
    status: 200,
    body: { type, version: 1, policy: 'reject', schema: number, upcast: null, dataschema: `${dataschema}/1` },
  });
  expect((await put(type, { schema: number, policy: 'reject' })).body).toMatchObject({ version: 1 });
  const wider = { ...number, properties: { ...number.properties, note: { type: 'string' } } };
  const { body } = await put(type, { schema: wider, policy: 'allow' });
  expect(body.versions).toMatchObject([
    { version: 2, policy: 'allow' },
    { version: 1, policy: 'reject' },
  ]);
  expect((await call('getEventSchema', { params: { type } })).body).toEqual(body);
  const older = await call('getEventSchemaVersion', { params: { type, version: '1' } });
  expect(older.body).toMatchObject({ version: 1, schema: number, versions: [{ version: 2 }, { version: 1 }] });
  expect((await call('getEventSchemaVersion', { params: { type, version: '3' } })).body).toMatchObject({
    ...{ status: 404, code: 'event_schema_not_found', detail: `There is no version 3 of a schema of ${type}.` },
  });
  expect((await call('deleteEventSchema', { params: { type } })).status).toBe(204);
  for (const id of ['getEventSchema', 'deleteEventSchema'] as const) {
    expect((await call(id, { params: { type } })).body).toMatchObject({ status: 404, code: 'event_schema_not_found' });
  }
});

test('a change that breaks readers is refused with each place, unless an upcast is given', async () => {
  const type = newName();
  await put(type, { schema: number, policy: 'reject' });
  const path = 'properties.total';
  const message = 'was number, is string: readers of version 1 would break; make a new type, or give upcast';
  expect((await put(type, { schema: text, policy: 'reject' })).body).toMatchObject({
    ...{ status: 409, code: 'event_schema_incompatible', detail: `${path}: ${message}`, errors: [{ path, message }] },
  });
  const upcast = { total: '{{ $data.total + " EUR" }}' };
  expect((await put(type, { schema: text, policy: 'reject', upcast })).body).toMatchObject({ version: 2, upcast });
});

test.each([
  [{ schema: { type: 'strin' }, policy: 'reject' }, 400, 'schema.type: takes one or more of object'],
  [{ schema: number, policy: 'drop' }, 400, 'policy'],
  [{ schema: [], policy: 'allow' }, 400, 'body.schema'],
  [{ schema: number, policy: 'allow', upcast: '{{ $data }}' }, 400, 'upcast: there is no older version'],
  [{ schema: number, policy: 'allow', upcast: '{{ $json }}' }, 422, 'upcast: $json cannot be used here'],
])('%j is refused: %d', async (body, status, detail) => {
  expect((await put(newName(), body)).body).toMatchObject({ status, detail: expect.stringContaining(detail) });
});

test('versions written at the same time get numbers of their own', async () => {
  const type = newName();
  const widths = Array.from({ length: 5 }, (_, at) => ({ title: `t${at}` }));
  const all = await Promise.all(widths.map((schema) => put(type, { schema, policy: 'allow' })));
  expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  const { body } = await call('getEventSchema', { params: { type } });
  expect(body.versions.map((one: { version: number }) => one.version)).toEqual([5, 4, 3, 2, 1]);
});

test('they are listed by type, page by page, each project its own', async () => {
  const own = await newKey(parts.store, newId());
  for (const type of ['c', 'a', 'b']) await put(type, { schema: true, policy: 'allow' }, own);
  const first = (await call('listEventSchemas', { query: { limit: '2' } }, own)).body;
  expect(first.items).toMatchObject([{ type: 'a', version: 1, policy: 'allow' }, { type: 'b' }]);
  const rest = (await call('listEventSchemas', { query: { limit: '2', cursor: first.nextCursor } }, own)).body;
  expect(rest).toMatchObject({ items: [{ type: 'c' }], nextCursor: null });
});

test('what does not fit is refused with its place, and a list is written whole or not at all', async () => {
  const type = newName();
  await put(type, { schema: number, policy: 'reject' });
  const [good, bad] = [
    { type, data: { total: 1 } },
    { type, data: { total: 'x' } },
  ];
  const place = (path: string) => ({
    ...{ status: 400, code: 'invalid_request' },
    errors: [{ path, message: `takes number, is string (schema 1 of ${type})` }],
  });
  expect((await send(bad)).body).toMatchObject(place('body.data.total'));
  expect((await send([good, bad])).body).toMatchObject(place('body[1].data.total'));
  const ce = { 'ce-specversion': '1.0', 'ce-id': newId(), 'ce-source': '/t', 'ce-type': type };
  expect((await send({ total: 'x' }, ce)).body).toMatchObject(place('body.total'));
  const named = { ...ce, 'ce-dataschema': `/api/event-schemas/${type}/4` };
  expect((await send({ total: 1 }, named)).body).toMatchObject({
    errors: [{ path: 'headers.dataschema', message: expect.stringContaining('there is no version 4') }],
  });
  expect((await send({ type, data_base64: '' })).body).toMatchObject({ errors: [{ path: 'body.data_base64' }] });
  expect(await logged(type)).toEqual([]);
  expect((await send([good, { type: `${type}.other`, data: 'x' }])).body).toEqual({
    ids: [expect.any(String), expect.any(String)],
  });
  expect(await logged(type)).toMatchObject([{ dataschema: `/api/event-schemas/${type}/1` }]);
  expect((await logged(`${type}.other`))[0]).not.toHaveProperty('dataschema');
});

test('a sender may stay with an older version', async () => {
  const type = newName();
  await put(type, { schema: number, policy: 'reject' });
  await put(type, { schema: text, policy: 'reject', upcast: { total: '{{ $data.total + "" }}' } });
  const dataschema = `/api/event-schemas/${type}/1`;
  expect((await send({ type, data: { total: 1 } })).status).toBe(400);
  expect((await send({ type, data: { total: 1 }, dataschema })).status).toBe(202);
  expect(await logged(type)).toMatchObject([{ dataschema, data: { total: 1 } }]);
});

test.each(['allow', 'dead_letter'])('by the policy %s it is taken with a warning', async (policy) => {
  const type = newName();
  await put(type, { schema: number, policy });
  expect(await send({ type, data: {} })).toMatchObject({
    status: 202,
    body: { warnings: [`body.data.total: is missing (schema 1 of ${type})`] },
  });
  expect(await logged(type)).toHaveLength(1);
});

test('what is in use stays', async () => {
  const [sent, heard] = [newName(), newName()];
  for (const type of [sent, heard]) await put(type, { schema: number, policy: 'reject' });
  await send({ type: sent, data: { total: 1 } });
  const triggers = [{ id: newId(), name: 'on', type: 'event', config: { event: heard } }];
  await parts.store.workflows.create(newWorkflow({ status: 'active', triggers }));
  for (const [type, detail] of [
    [sent, 'The log holds messages of'],
    [heard, 'listens for'],
  ]) {
    expect((await call('deleteEventSchema', { params: { type: type! } })).body).toMatchObject({
      ...{ status: 409, code: 'event_schema_in_use', detail: expect.stringContaining(detail!) },
    });
  }
});
