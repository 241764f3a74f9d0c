import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '../contract/routes.ts';
import { callApi, newKey, type Sent, serverParts } from '../testing/api.ts';
import { newId, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const parts = serverParts();
let app: FastifyInstance;
let key: string;
const call = (id: OperationId, sent: Sent = {}, who = key) => callApi(app, who, id, sent);
const save = (name: string, body: unknown, who = key) => call('savePrompt', { params: { name }, body }, who);

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

test('a prompt is saved in versions, shown, taken back and deleted', async () => {
  const params = { name: newName() };
  const { name } = params;
  expect((await save(name, { text: 'Sort {{ $json.log }}' })).body).toMatchObject({ name, version: 1, active: 1 });
  const { body } = await save(name, { text: 'Sort this: {{ $trigger.body.log }}', note: 'clearer' });
  expect(body).toMatchObject({ version: 2, active: 2, note: 'clearer' });
  expect(body.versions.map((one: { version: number }) => one.version)).toEqual([2, 1]);
  expect((await call('getPrompt', { params, query: { version: '1' } })).body).toMatchObject({
    ...{ version: 1, active: 2, text: 'Sort {{ $json.log }}' },
  });
  expect((await call('activatePrompt', { params, body: { version: 1 } })).body).toMatchObject({
    version: 1,
    active: 1,
  });
  expect((await call('getPrompt', { params })).body).toMatchObject({ version: 1, text: 'Sort {{ $json.log }}' });
  const page = (await call('listPrompts', { query: { limit: '1' } })).body;
  expect(page).toMatchObject({ items: [{ name, version: 1, note: null }], nextCursor: null });
  expect((await call('deletePrompt', { params })).status).toBe(204);
  for (const id of ['getPrompt', 'deletePrompt'] as const) {
    expect((await call(id, { params })).body).toMatchObject({ status: 404, code: 'prompt_not_found' });
  }
  expect((await save(name, { text: 'Anew' })).body).toMatchObject({ version: 3 });
});

test('they are listed page by page', async () => {
  const own = await newKey(parts.store, newId());
  for (const name of ['c', 'a', 'b']) await save(name, { text: name }, own);
  const first = (await call('listPrompts', { query: { limit: '2' } }, own)).body;
  expect(first.items.map((one: { name: string }) => one.name)).toEqual(['a', 'b']);
  const rest = (await call('listPrompts', { query: { limit: '2', cursor: first.nextCursor } }, own)).body;
  expect(rest).toMatchObject({ items: [{ name: 'c' }], nextCursor: null });
});

test.each([
  ['{{ $jsn.log }}', 422, /text: .*\$jsn.*\$json.*position/],
  ['Hello {{ $json. }} you', 422, /text: .* position/],
  ['The key is {{ $secrets.KEY }}', 422, /no secret/],
  ['', 400, /body.text/],
  ['a\0b', 400, /NUL/],
  ['\ud800', 400, /half a character/],
])('the text %j is refused with the place', async (text, status, detail) => {
  const { body } = await save('bad', { text });
  expect(body).toMatchObject({ status, detail: expect.stringMatching(detail), errors: expect.any(Array) });
  expect((await call('getPrompt', { params: { name: 'bad' } })).status).toBe(404);
});

test('bad names and versions are refused', async () => {
  expect((await save('Über', { text: 'x' })).body).toMatchObject({
    status: 400,
    detail: expect.stringMatching(/lower-case/),
  });
  expect((await save('../x', { text: 'x' })).status).toBe(400);
  expect((await call('listPrompts', { query: { cursor: '\0' } })).status).toBe(400);
  await save('good', { text: 'x' });
  const params = { name: 'good' };
  expect((await call('activatePrompt', { params, body: { version: 9 } })).body.code).toBe('prompt_not_found');
  expect((await call('activatePrompt', { params, body: { version: '1' } })).status).toBe(400);
  expect((await call('getPrompt', { params, query: { version: '0' } })).status).toBe(400);
  expect((await call('getPrompt', { params, query: { version: '7' } })).body.detail).toBe(
    'There is no version 7 of a prompt good.',
  );
});

test('those of another project are not there', async () => {
  const name = newName();
  await save(name, { text: 'mine' });
  const other = await newKey(parts.store, newId());
  const params = { name };
  expect((await call('getPrompt', { params }, other)).status).toBe(404);
  expect((await call('deletePrompt', { params }, other)).status).toBe(404);
  expect((await save(name, { text: 'theirs' }, other)).body.version).toBe(1);
  expect((await call('getPrompt', { params })).body.text).toBe('mine');
});
