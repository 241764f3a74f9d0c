import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '../contract/routes.ts';
import { callApi, execution, newKey, type Sent, serverParts } from '../testing/api.ts';
import { newId, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const parts = serverParts();
let app: FastifyInstance;
let key: string;
const call = (id: OperationId, sent: Sent = {}) => callApi(app, key, id, sent);

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
  await parts.engine.start();
});
afterAll(async () => {
  await app.close();
  await parts.engine.stop(0);
});

const pass = (name: string, over: object = {}) => ({ name, nodes: [{ id: 'a', type: 'transform' }], ...over });
const hook = (path: string, over: object = {}) => ({ id: 'hook', type: 'webhook', path, ...over });

async function saved(document: object, query: Record<string, string> = {}) {
  const { status, body } = await call('createWorkflow', { body: document, query });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

test('a document is saved as a draft, and read by id and by name', async () => {
  const name = newName();
  const answer = await call('createWorkflow', { body: pass(name) });
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({ name, version: 1, status: 'draft', definition: pass(name) });
  expect(answer.headers).toMatchObject({ location: `/api/workflows/${answer.body.id}`, etag: '"1"' });
  for (const id of [answer.body.id, name]) {
    expect((await call('getWorkflow', { params: { id } })).body).toEqual(answer.body);
  }
});

test('YAML is the same document', async () => {
  const name = newName();
  const body = `# a comment\nname: ${name}\nnodes:\n  - { id: a, type: transform }\n`;
  for (const type of ['application/yaml', 'text/yaml; charset=utf-8']) {
    const { body: answer } = await call('validateWorkflow', { body, headers: { 'content-type': type } });
    expect(answer).toEqual({ valid: true, errors: [], warnings: [] });
  }
  const answer = await call('createWorkflow', { body, headers: { 'content-type': 'application/yaml' } });
  expect(answer.body.definition).toEqual(pass(name));
});

test.each([
  ['JSON with a fault', 'application/json', '{"name": "x",}', 400, 'invalid_json'],
  ['JSON with an unsafe key', 'application/json', '{"__proto__": {}}', 400, 'unsafe_key'],
  ['deep JSON', 'application/json', `${'['.repeat(200)}${']'.repeat(200)}`, 400, 'too_deep'],
  ['a body over the limit', 'application/json', `"${'x'.repeat(70_000)}"`, 413, 'body_too_large'],
  ['an empty document', 'application/json', '{}', 422, 'invalid_definition'],
  ['no body', 'application/json', '', 422, 'invalid_definition'],
  ['YAML with a fault', 'application/yaml', 'name: [', 400, 'invalid_yaml'],
  ['YAML with an alias', 'application/yaml', 'name: &a x\nnodes: *a', 400, 'invalid_yaml'],
  ['YAML with an unsafe key', 'application/yaml', '__proto__: {}', 400, 'unsafe_key'],
  ['YAML that never closes', 'application/yaml', '['.repeat(20_000), 400, 'invalid_yaml'],
  ['deep YAML', 'application/yaml', `a: ${'['.repeat(150)}${']'.repeat(150)}`, 400, 'too_deep'],
  ['two YAML documents', 'application/yaml', 'a: 1\n---\nb: 2', 400, 'invalid_yaml'],
  ['another type', 'text/html', '<p>', 415, 'unsupported_media_type'],
])('%s is refused', async (_, type, body, status, code) => {
  const answer = await call('createWorkflow', { body, headers: { 'content-type': type } });
  expect(answer.body).toMatchObject({ status, code, instance: '/api/workflows' });
  expect(answer.body.type).toBe(`/docs/errors#${code}`);
});

test('all faults of a document come at once, each with its place', async () => {
  const document = { name: 'Bad Name', nodes: [{ id: 'a', type: 'transform' }] };
  const nodes = [
    { id: 'a', type: 'tranform' },
    { id: 'b', type: 'if', config: { condition: '{{ $jsn.x }}' } },
  ];
  const refused = await call('createWorkflow', { body: { ...pass(newName()), nodes } });
  expect(refused.status).toBe(422);
  expect(refused.body.errors.map((fault: { path: string }) => fault.path)).toEqual(
    expect.arrayContaining(['nodes[0].type', 'nodes[1].config.condition']),
  );
  const checked = await call('validateWorkflow', { body: document });
  expect(checked.body).toMatchObject({ valid: false, errors: [{ path: 'name' }] });
});

test('a name taken is refused, another project may have it and sees nothing of this one', async () => {
  const document = pass(newName());
  const { id } = await saved(document);
  expect((await call('createWorkflow', { body: document })).body).toMatchObject({
    status: 409,
    code: 'workflow_exists',
  });
  const stranger = await newKey(parts.store, newId());
  expect((await callApi(app, stranger, 'createWorkflow', { body: document })).status).toBe(201);
  for (const operation of ['getWorkflow', 'deleteWorkflow', 'activateWorkflow', 'listTriggers'] as const) {
    const answer = await callApi(app, stranger, operation, { params: { id } });
    expect(answer.body.code, operation).toBe('workflow_not_found');
  }
});

test('PUT makes a new version; If-Match refuses what was made from an old one', async () => {
  const name = newName();
  const { id } = await saved(pass(name));
  const change = (match: string | undefined) =>
    call('updateWorkflow', {
      params: { id },
      body: pass(name, { description: 'new' }),
      headers: match === undefined ? {} : { 'if-match': match },
    });
  const second = await change('"1"');
  expect(second).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { id, version: 2, status: 'draft' } });
  expect((await change('1')).body).toMatchObject({ status: 409, code: 'version_conflict' });
  expect((await change('yesterday')).body).toMatchObject({ status: 400, code: 'invalid_request' });
  expect((await change(undefined)).body.version).toBe(3);
  const answer = await call('updateWorkflow', { params: { id: 'nobody' }, body: pass(name) });
  expect(answer.body).toMatchObject({ status: 404, code: 'workflow_not_found' });
  const activated = await call('updateWorkflow', { params: { id }, body: pass(name), query: { activate: 'true' } });
  expect(activated.body).toMatchObject({ version: 4, status: 'active' });
});

test('activate and pause; a webhook path belongs to one active workflow', async () => {
  const path = newName();
  const [first, second] = [newName(), newName()];
  expect((await saved(pass(first, { triggers: [hook(path)] }), { activate: 'true' })).status).toBe('active');
  await saved(pass(second, { triggers: [hook(path)] }));
  const taken = await call('activateWorkflow', { params: { id: second } });
  expect(taken.body).toMatchObject({
    ...{ status: 409, code: 'webhook_path_taken' },
    errors: [
      { path: 'triggers[0].path', message: expect.stringContaining(`the workflow ${first} holds POST ${path}`) },
    ],
  });
  const { body: draft } = await call('validateWorkflow', { body: pass(second, { triggers: [hook(path)] }) });
  expect(draft.warnings).toMatchObject([{ path: 'triggers[0].path' }]);
  const { body: own } = await call('validateWorkflow', { body: pass(first, { triggers: [hook(path)] }) });
  expect(own.warnings).toEqual([]);
  const document = pass(second, { description: 'new', triggers: [hook(path)] });
  const both = await call('updateWorkflow', { params: { id: second }, body: document, query: { activate: 'true' } });
  expect(both.body).toMatchObject({ status: 409, code: 'webhook_path_taken' });
  expect((await call('getWorkflow', { params: { id: second } })).body).toMatchObject({ version: 1, status: 'draft' });
  expect((await call('pauseWorkflow', { params: { id: first } })).body.status).toBe('paused');
  expect((await call('activateWorkflow', { params: { id: second } })).body.status).toBe('active');
});

test('lists are paged by name, without the definition', async () => {
  const names = [newName(), newName(), newName()];
  for (const name of names) await saved(pass(name, { triggers: [hook(name)] }), { activate: 'true' });
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = { limit: '2', status: 'active', ...(cursor !== null && { cursor }) };
    const { body } = await call('listWorkflows', { query });
    expect(body.items.length).toBeLessThanOrEqual(2);
    seen.push(...body.items.map((item: { name: string }) => item.name));
    cursor = body.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual(expect.arrayContaining(names));
  expect(new Set(seen).size).toBe(seen.length);
  const { body } = await call('listWorkflows', { query: { limit: '1' } });
  expect(body.items[0]).toMatchObject({ nodes: 1, tool: null });
  expect((await call('listWorkflows', { query: { limit: '0' } })).body.errors).toMatchObject([{ path: 'query.limit' }]);
});

test('delete takes the workflow, not while an execution runs, and its executions stay readable', async () => {
  const name = newName();
  await saved(pass(name, { nodes: [{ id: 'a', type: 'delay', config: { for: '1h' } }] }));
  const { body } = await call('executeWorkflow', { params: { id: name } });
  await execution(parts, body.executionId, (row) => row.status === 'waiting');
  expect((await call('deleteWorkflow', { params: { id: name } })).body.code).toBe('execution_active');
  await call('cancelExecution', { params: { id: body.executionId } });
  expect((await call('deleteWorkflow', { params: { id: name } })).status).toBe(204);
  expect((await call('getWorkflow', { params: { id: name } })).status).toBe(404);
  const left = await call('getExecution', { params: { id: body.executionId } });
  expect(left.body).toMatchObject({ status: 'canceled', workflowName: '(deleted)' });
});

test('execute starts one, which sees the input as $trigger', async () => {
  const name = newName();
  await saved(pass(name, { nodes: [{ id: 'a', type: 'transform', config: { set: { b: '{{ $trigger.a + 1 }}' } } }] }));
  const started = await call('executeWorkflow', { params: { id: name }, body: { input: { a: 1 } } });
  expect(started.status).toBe(202);
  expect(started.headers.location).toBe(`/api/executions/${started.body.executionId}`);
  await execution(parts, started.body.executionId);
  const { body } = await call('getExecution', { params: { id: started.body.executionId } });
  expect(body).toMatchObject({ status: 'completed', trigger: { a: 1 }, triggerId: 'api', output: { a: 1, b: 2 } });
});

test('execute starts many in one go, and the same Idempotency-Key starts nothing again', async () => {
  const name = newName();
  await saved(pass(name));
  const send = (body: object) =>
    call('executeWorkflow', { params: { id: name }, body, headers: { 'idempotency-key': 'k'.repeat(250) } });
  const many = await send({ inputs: [1, 2, 3] });
  expect(new Set(many.body.executionIds).size).toBe(3);
  expect((await send({ inputs: [1, 2, 3] })).body).toEqual(many.body);
  const one = await send({ input: 1 });
  expect((await send({ input: 1 })).body).toEqual(one.body);
  for (const id of [...many.body.executionIds, one.body.executionId]) await execution(parts, id);
  const { body } = await call('listExecutions', { query: { workflow: name } });
  expect(body.items).toHaveLength(4);
});

test('execute refuses what does not fit the manual trigger, both forms at once, and a paused workflow', async () => {
  const name = newName();
  const input = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] };
  await saved(pass(name, { triggers: [{ id: 'by-hand', type: 'manual', input }] }));
  const execute = (body: object) => call('executeWorkflow', { params: { id: name }, body });
  expect((await execute({ input: {} })).body).toMatchObject({ status: 400, errors: [{ path: 'input.n' }] });
  expect((await execute({ inputs: [{ n: 1 }, { n: 'x' }] })).body.errors).toMatchObject([{ path: 'inputs[1].n' }]);
  expect((await execute({ input: 1, inputs: [1] })).body.code).toBe('invalid_request');
  expect((await execute({ inputt: 1 })).body.errors).toMatchObject([{ path: 'body.inputt' }]);
  expect((await call('listExecutions', { query: { workflow: name } })).body.items).toEqual([]);
  const { body } = await execute({ input: { n: 1 } });
  expect((await execution(parts, body.executionId)).triggerId).toBe('by-hand');
  await call('pauseWorkflow', { params: { id: name } });
  expect((await execute({ input: { n: 1 } })).body).toMatchObject({ status: 409, code: 'workflow_not_active' });
  expect((await call('executeWorkflow', { params: { id: 'nobody' } })).body.code).toBe('workflow_not_found');
});

test('where an editor draws a trigger is kept with the document, and is none of its config', async () => {
  const name = newName();
  const placed = { ...hook(name), position: { x: 8, y: -16 } };
  const { id } = await saved({ ...pass(name), triggers: [placed] });
  expect((await call('getWorkflow', { params: { id } })).body.definition.triggers).toEqual([placed]);
  const { config } = (await call('listTriggers', { params: { id } })).body.items[0];
  expect(Object.keys(config)).not.toContain('position');
  const askew = { ...hook(name), position: { x: 'left' } };
  const refused = await call('validateWorkflow', { body: { ...pass(name), triggers: [askew] } });
  expect(refused.body.errors[0].path).toBe('triggers[0].position.x');
});

test('triggers are listed, added, changed and removed, each time as a new version', async () => {
  const name = newName();
  const { id } = await saved(pass(name), { activate: 'true' });
  const added = await call('addTrigger', { params: { id }, body: hook(name) });
  expect(added.status).toBe(201);
  expect(added.body).toMatchObject({ name: 'hook', type: 'webhook', active: true, url: `/webhooks/${name}` });
  expect((await call('addTrigger', { params: { id }, body: hook(name) })).body.code).toBe('invalid_definition');
  expect((await call('listTriggers', { params: { id } })).body.items).toEqual([added.body]);
  expect((await call('listProjectTriggers')).body.items).toContainEqual(added.body);
  expect((await call('listWebhooks')).body.items).toContainEqual({
    triggerId: added.body.id,
    triggerName: 'hook',
    workflowId: id,
    version: 2,
    method: 'POST',
    path: name,
    url: `/webhooks/${name}`,
    respond: 'accepted',
    verify: null,
  });
  const change = { type: 'webhook', path: `${name}/x`, method: 'PUT' };
  const changed = await call('updateTrigger', { params: { id: added.body.id }, body: change });
  expect(changed.body).toMatchObject({ id: added.body.id, name: 'hook', config: { method: 'PUT' } });
  expect((await call('updateTrigger', { params: { id: added.body.id }, body: 'x' })).status).toBe(415);
  expect((await call('updateTrigger', { params: { id: added.body.id }, body: [] })).body.code).toBe(
    'invalid_definition',
  );
  expect((await call('deleteTrigger', { params: { id: added.body.id } })).status).toBe(204);
  expect((await call('getWorkflow', { params: { id } })).body).toMatchObject({ version: 4, definition: pass(name) });
  for (const gone of [added.body.id, 'no-uuid']) {
    expect((await call('deleteTrigger', { params: { id: gone } })).body.code).toBe('trigger_not_found');
    expect((await call('updateTrigger', { params: { id: gone }, body: {} })).body.code).toBe('trigger_not_found');
  }
});

test.each(['listProjectTriggers', 'listWebhooks', 'getWorkflowStats'] as const)('%s answers by pages', async (id) => {
  const names = [newName(), newName(), newName()];
  for (const name of names) await saved(pass(name, { triggers: [hook(`${name}/a/:b`)] }), { activate: 'true' });
  const seen: unknown[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { body } = await call(id, { query: { limit: '2', ...(cursor !== undefined && { cursor }) } });
    expect(body.items.length).toBeLessThanOrEqual(2);
    seen.push(...body.items);
    cursor = body.nextCursor;
  }
  expect(seen).toEqual((await call(id, { query: { limit: '200' } })).body.items);
  for (const name of names) expect(JSON.stringify(seen)).toContain(name);
});

test('a cursor that is none is refused', async () => {
  expect((await call('listProjectTriggers', { query: { cursor: 'x' } })).body.code).toBe('invalid_request');
});
