import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '../contract/routes.ts';
import { callApi, newKey, type Sent, serverParts } from '../testing/api.ts';
import { newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const parts = serverParts();
let app: FastifyInstance;
let key: string;
const call = (id: OperationId, sent: Sent = {}) => callApi(app, key, id, sent);

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

const document = (name: string, node: string) => ({ name, nodes: [{ id: node, type: 'transform' }] });

/** A workflow whose versions 1 to 3 have the nodes a, b and c. */
async function threeVersions() {
  const name = newName();
  await call('createWorkflow', { body: document(name, 'a') });
  for (const node of ['b', 'c']) await call('updateWorkflow', { params: { id: name }, body: document(name, node) });
  return name;
}

test('versions are listed newest first, page by page, and each has its document', async () => {
  const id = await threeVersions();
  const first = await call('listVersions', { params: { id }, query: { limit: '2' } });
  expect(first.body.items).toMatchObject([
    { version: 3, savedBy: 'test', present: true },
    { version: 2, savedBy: 'test', present: false },
  ]);
  const second = await call('listVersions', { params: { id }, query: { limit: '2', cursor: first.body.nextCursor } });
  expect(second.body).toMatchObject({ items: [{ version: 1 }], nextCursor: null });
  const { body } = await call('getVersion', { params: { id, version: '1' } });
  expect(body).toEqual({ ...second.body.items[0], definition: document(id, 'a') });
});

test('a rollback is a new version with the old document', async () => {
  const id = await threeVersions();
  const rolled = await call('rollbackWorkflow', {
    params: { id },
    body: { version: 1 },
    headers: { 'if-match': '"3"' },
  });
  expect(rolled.body).toMatchObject({ version: 4, status: 'draft', definition: document(id, 'a') });
  expect(rolled.headers.etag).toBe('"4"');
  expect((await call('getVersion', { params: { id, version: '4' } })).body.savedBy).toBe('test');
  expect((await call('getVersion', { params: { id, version: '3' } })).body.definition).toEqual(document(id, 'c'));
});

test('a rollback is refused where others have saved since, and where the document is valid no more', async () => {
  const id = await threeVersions();
  const late = await call('rollbackWorkflow', { params: { id }, body: { version: 1 }, headers: { 'if-match': '2' } });
  expect(late.body).toMatchObject({ status: 409, code: 'version_conflict' });
  const workflow = await parts.store.workflows.get('00000000-0000-7000-8000-000000000001', id);
  const gone = { name: id, nodes: [{ id: 'a', type: 'of-yesterday' }] };
  await parts.store.workflows.update({ ...workflow!, definition: gone, triggers: [], now: 1 });
  const invalid = await call('rollbackWorkflow', { params: { id }, body: { version: 4 } });
  expect(invalid.body).toMatchObject({ status: 422, errors: [{ path: 'nodes[0].type' }] });
});

test('what does not exist is named', async () => {
  const id = await threeVersions();
  for (const version of ['4', '0', '-1', '99999999999']) {
    const { body } = await call('getVersion', { params: { id, version } });
    expect(body).toMatchObject({ status: 404, code: 'version_not_found' });
  }
  expect((await call('rollbackWorkflow', { params: { id }, body: { version: 9 } })).body.code).toBe(
    'version_not_found',
  );
  expect((await call('listVersions', { params: { id: 'nobody' } })).body.code).toBe('workflow_not_found');
  expect((await call('getVersion', { params: { id, version: 'x' } })).body.errors).toMatchObject([
    { path: 'params.version' },
  ]);
  const odd = await call('listVersions', { params: { id }, query: { cursor: 'x' } });
  expect(odd.body).toMatchObject({ status: 400, code: 'invalid_request' });
});
