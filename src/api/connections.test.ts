import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { OperationId } from '../contract/routes.ts';
import type { NodeType } from '../core/node-type.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';
import { callApi, execution, newKey, type Received, serverParts } from '../testing/api.ts';
import { newId, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

/** Gives back all that it knows, as a careless target would. */
const echo: NodeType = {
  ...{ type: 'echo', version: 1, description: '', example: { connection: 'x' } },
  config: z.strictObject({ connection: z.string(), fails: z.boolean().optional() }),
  ports: () => ['out'],
  effect: () => 'read',
  run: async ({ connection, fails }: { connection: string; fails?: boolean }, task) => {
    const { config } = await task.connection(connection, 'slack');
    if (fails) throw new Error(`refused ${JSON.stringify(config)}`);
    return { output: config };
  },
};

const parts = serverParts({ nodes: () => [echo] });
let app: Awaited<ReturnType<typeof createApi>>;
let key = '';
beforeAll(async () => {
  app = await createApi(parts);
  await parts.engine.start();
  key = await newKey(parts.store);
});
afterAll(async () => {
  await app.close();
  await parts.engine.stop(0);
});

const call = (id: OperationId, sent: Parameters<typeof callApi>[3] = {}): Promise<Received> =>
  callApi(app, key, id, sent);
const config = { host: 'db.example.com', database: 'shop', user: 'u', password: 'hunter2-canary' };
const add = (name: string, more: object = {}) =>
  call('createConnection', { body: { name, type: 'postgres', config, ...more } });

test('one is made, listed, changed and deleted, and shows which secrets are set but never one', async () => {
  const name = newName();
  const made = await add(name);
  expect(made.status).toBe(201);
  const { password: _password, ...open } = config;
  expect(made.body).toMatchObject({
    ...{ name, type: 'postgres', secrets: ['password'], lastTest: null },
    config: { ...open, port: 5432, tls: 'verify' },
  });
  const params = { id: name };
  expect((await call('getConnection', { params: { id: made.body.id } })).body).toEqual(made.body);
  expect((await call('listConnections')).body.items).toContainEqual(made.body);
  const changed = await call('updateConnection', { params, body: { config: { ...open, database: 'other' } } });
  expect(changed.body).toMatchObject({ config: { database: 'other' }, secrets: ['password'] });
  expect((await parts.connections.open(DEFAULT_PROJECT, name, 'postgres')).config).toMatchObject({
    password: config.password,
    database: 'other',
  });
  const moved = await call('updateConnection', { params, body: { config: { ...open, host: 'evil.example' } } });
  expect(moved).toMatchObject({ status: 422, body: { code: 'connection_target_changed' } });
  const without = await call('updateConnection', { params, body: { config: { ...open, password: null } } });
  expect(without.body.secrets).toEqual([]);
  const renamed = await call('updateConnection', { params, body: { name: `${name}-b` } });
  expect(renamed.body.name).toBe(`${name}-b`);
  expect((await call('deleteConnection', { params: { id: `${name}-b` } })).status).toBe(204);
  expect((await call('getConnection', { params })).body.code).toBe('connection_not_found');
  for (const { text } of [made, changed, moved, without, renamed]) expect(text).not.toContain('canary');
});

test('what does not fit is refused without the value of a secret', async () => {
  const name = newName();
  for (const body of [
    { name, type: 'postgres', config: { ...config, port: 'x' } },
    { name, type: 'postgres', config: { ...config, pasword: 'hunter2-canary' } },
    { name, type: 'postgress', config },
    { name: 'A b', type: 'postgres', config },
    { name: newId(), type: 'postgres', config },
  ]) {
    const { status, text } = await call('createConnection', { body });
    expect(status).toBe(400);
    expect(text).not.toContain('canary');
  }
  await add(name);
  expect((await add(name)).body.code).toBe('connection_exists');
});

test('each project has its own', async () => {
  const name = newName();
  await add(name);
  const stranger = await newKey(parts.store, newId());
  for (const id of ['getConnection', 'deleteConnection', 'testConnection', 'updateConnection'] as const) {
    expect((await callApi(app, stranger, id, { params: { id: name }, body: {} })).status, id).toBe(404);
  }
  expect((await callApi(app, stranger, 'listConnections')).body.items).toEqual([]);
});

test('types are told with schemas in which secrets are write-only', async () => {
  const { items } = (await call('listConnectionTypes')).body;
  expect(items.map(({ type }: { type: string }) => type)).toEqual([
    'http',
    'kafka',
    'postgres',
    'slack',
    'smtp',
    'webhook',
  ]);
  expect(items[2].configSchema.properties.password.writeOnly).toBe(true);
});

test('a rotation of a key that is a setting says what to do', async () => {
  const { status, body } = await call('rotateConnectionKey');
  expect([status, body.code]).toEqual([409, 'master_key_given']);
});

test('a rotation is of all projects: the key of one of them is not enough', async () => {
  const stranger = await newKey(parts.store, newId());
  const { status, body } = await callApi(app, stranger, 'rotateConnectionKey');
  expect([status, body.code]).toEqual([403, 'forbidden']);
});

describe('workflows', () => {
  const token = 'xoxb-canary-4711';
  const workflow = (connection: string, more: object = {}) => ({
    name: newName(),
    nodes: [{ id: 'a', type: 'echo', config: { connection, ...more }, retry: { attempts: 1 } }],
  });
  const run = async (document: object) => {
    const { body } = await call('createWorkflow', { body: document, query: { activate: 'true' } });
    const started = await call('executeWorkflow', { params: { id: body.id }, body: {} });
    const row = await execution(parts, started.body.executionId);
    const history = await parts.store.executions.events(row.projectId, row.id, 0, 1_000);
    return { workflow: body, row, history: JSON.stringify(history) };
  };

  test('get one when the task runs, and its secrets are in no history, result or error', async () => {
    const name = newName();
    await call('createConnection', { body: { name, type: 'slack', config: { token } } });
    const good = await run(workflow(name));
    expect(good.row.status).toBe('completed');
    expect(good.history).toContain(`[secret ${name}.token]`);
    const bad = await run(workflow(name, { fails: true }));
    expect(bad.row.error?.message).toContain(`[secret ${name}.token]`);
    for (const text of [good.history, bad.history, JSON.stringify(bad.row)]) expect(text).not.toContain('canary');
    const letters = await call('listDeadLetters');
    expect(letters.text).not.toContain('canary');
  });

  test('fail where it is missing or of another type, and are warned before', async () => {
    const missing = await call('validateWorkflow', { body: workflow('nowhere') });
    expect(missing.body.warnings).toEqual([
      { path: 'nodes[0].config.connection', message: 'there is no connection nowhere; add it before this one runs' },
    ]);
    expect((await run(workflow('nowhere'))).row.error?.code).toBe('connection_missing');
    const name = newName();
    await add(name);
    expect((await call('validateWorkflow', { body: workflow(name) })).body.warnings).toEqual([]);
    expect((await run(workflow(name))).row.error?.message).toContain('of type postgres, not slack');
  });

  test('that are active keep the connection that they name', async () => {
    const name = newName();
    await call('createConnection', { body: { name, type: 'slack', config: { token } } });
    const { workflow: saved } = await run(workflow(name));
    for (const [id, body] of [
      ['deleteConnection', undefined],
      ['updateConnection', { name: newName() }],
    ] as const) {
      const refused = await call(id, { params: { id: name }, ...(body && { body }) });
      expect(refused.body).toMatchObject({ code: 'connection_in_use', detail: expect.stringContaining(saved.name) });
    }
    await call('pauseWorkflow', { params: { id: saved.id }, body: {} });
    expect((await call('deleteConnection', { params: { id: name } })).status).toBe(204);
  });
});
