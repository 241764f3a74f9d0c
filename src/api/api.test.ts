/** What all routes share: keys, problems, headers; and the routes that have no resource: catalog, health, docs. */
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../contract/route.ts';
import { type OperationId, ROUTES } from '../contract/routes.ts';
import { definitionFaults } from '../core/definition/validate.ts';
import { ERRORS, MyelinError } from '../core/errors.ts';
import { jsonSchemaFaults } from '../core/json-schema/check.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { createApi } from './api.ts';
import { guard } from './guard.ts';

const logged: unknown[] = [];
const bare = serverParts();
const log = { ...bare.runtime.log, error: (...line: unknown[]) => void logged.push(line) };
const parts = { ...bare, runtime: { ...bare.runtime, log } };
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

const closed = Object.entries<Route>(ROUTES).filter(([, route]) => route.permission !== 'public');

describe('without a key there is nothing to see', () => {
  test.each(closed)('%s', async (id) => {
    for (const wrong of [null, 'wrong']) {
      const answer = await callApi(app, wrong, id as OperationId, { body: '{', headers: { 'content-type': 'text/x' } });
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  test('nor which addresses exist', async () => {
    expect((await app.inject('/api/nothing')).statusCode).toBe(401);
    expect((await app.inject({ method: 'PATCH', url: '/api/workflows' })).statusCode).toBe(401);
  });
});

test('every route of the table is on the server', () => {
  for (const { method, path } of Object.values<Route>(ROUTES)) {
    expect(app.hasRoute({ method, url: path.replace('/webhooks/:path', '/webhooks/*') }), `${method} ${path}`).toBe(
      true,
    );
  }
});

test('a route without a permission cannot be registered, nor one of a role that is not there', async () => {
  const empty = fastify();
  guard(empty, parts);
  expect(() => empty.get('/api/secret', async () => 'x')).toThrow('/api/secret has no permission');
  expect(() => empty.get('/docsx', async () => 'x')).toThrow('/docsx has no permission');
  const other = await createApi({ ...parts, roles: [] });
  expect(other.hasRoute({ method: 'GET', url: '/api/workflows' })).toBe(false);
  expect((await other.inject({ method: 'POST', url: '/webhooks/x' })).statusCode).toBe(404);
  await other.close();
});

test('a key comes as a bearer or as X-API-Key', async () => {
  expect((await app.inject({ url: '/api/workflows', headers: { 'x-api-key': key } })).statusCode).toBe(200);
  expect((await app.inject({ url: '/api/workflows', headers: { authorization: `bearer ${key}` } })).statusCode).toBe(
    200,
  );
  expect((await app.inject({ url: '/api/workflows', headers: { authorization: `Basic ${key}` } })).statusCode).toBe(
    401,
  );
});

test('unknown addresses and methods are problems', async () => {
  const headers = { authorization: `Bearer ${key}` };
  const nowhere = await app.inject({ url: '/api/nothing?secret=1', headers });
  expect(nowhere.json()).toEqual({
    type: '/docs/errors#not_found',
    title: ERRORS.not_found.meaning,
    status: 404,
    detail: 'There is nothing at /api/nothing.',
    code: 'not_found',
    instance: '/api/nothing',
  });
  expect(nowhere.headers['content-type']).toContain('application/problem+json');
  const wrong = await app.inject({ method: 'PATCH', url: '/api/workflows/x', headers });
  expect(wrong).toMatchObject({ statusCode: 405, headers: { allow: 'GET, PUT, DELETE' } });
  expect((await app.inject('/nowhere')).statusCode).toBe(404);
});

test('answers say that they are no page', async () => {
  const { headers } = await callApi(app, key, 'listWorkflows');
  expect(headers).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
});

test('the schema of a document is small, stands for itself, and says what forms are made of', async () => {
  const { body, text } = await callApi(app, key, 'getDefinitionSchema');
  expect(jsonSchemaFaults(body)).toEqual([]);
  expect(text.length).toBeLessThan(20_000);
  expect(text).not.toContain('$ref');
  expect(Object.keys(body.properties.settings.properties)).toEqual(
    expect.arrayContaining(['timeout', 'priority', 'concurrency', 'errorWorkflow']),
  );
  expect(body.properties.expose.properties.mcp).toBeDefined();
  expect(Object.keys(body.properties.nodes.items.properties)).toEqual(
    expect.arrayContaining(['retry', 'timeout', 'deadline', 'onError', 'join', 'compensate']),
  );
});

test('node types and trigger types come with schemas, and their examples are valid', async () => {
  const { body } = await callApi(app, key, 'listNodeTypes');
  expect(body.items.map((item: { type: string }) => item.type)).toEqual([...parts.catalog.nodes.keys()]);
  const byType = Object.fromEntries(body.items.map((item: { type: string }) => [item.type, item]));
  expect(byType.if).toMatchObject({ kind: 'step', effect: 'pure', ports: ['true', 'false'], version: 1 });
  expect(byType.loop.kind).toBe('container');
  expect(byType.http.kind).toBe('task');
  for (const item of body.items) {
    expect(item.configSchema.type ?? item.configSchema.anyOf ?? item.configSchema.allOf, item.type).toBeDefined();
    const node = { id: 'a', type: item.type, config: item.example };
    const faults = definitionFaults({ name: 'x', nodes: [node] }, parts.catalog);
    expect(
      faults.filter((fault) => !fault.path.includes('.config')),
      item.type,
    ).toEqual([]);
  }
  const triggers = await callApi(app, key, 'listTriggerTypes');
  for (const { type, configSchema } of [...body.items, ...triggers.body.items]) {
    expect(Object.keys(configSchema.properties ?? {}), type).toEqual(
      expect.arrayContaining(configSchema['x-first'] ?? []),
    );
  }
  expect(byType.http.configSchema['x-first'].slice(0, 2)).toEqual(['method', 'url']);
  const types = triggers.body.items.map((item: { type: string }) => item.type);
  expect(types).toEqual([...parts.catalog.triggers.keys()]);
  expect(triggers.body.items.flatMap((item: { configSchema: unknown }) => jsonSchemaFaults(item.configSchema))).toEqual(
    [],
  );
});

test('health: alive, ready, and not ready while the database is away', async () => {
  expect((await callApi(app, null, 'live')).body).toEqual({ status: 'ok' });
  expect((await callApi(app, null, 'ready')).body).toEqual({ status: 'ready' });
  const away = { ...parts.store, ping: () => Promise.reject(new MyelinError('store_unavailable')) };
  const other = await createApi({ ...parts, store: away });
  const answer = await callApi(other, null, 'ready');
  expect(answer).toMatchObject({ status: 503, body: { code: 'store_unavailable' }, headers: { 'retry-after': '1' } });
  await other.close();
});

test('a server that leaves is not ready, and serves on over connections that end with the answer', async () => {
  const leaving = new AbortController();
  const other = await createApi({ ...parts, leaving: leaving.signal });
  const before = await callApi(other, key, 'listWorkflows');
  expect(before.headers.connection).not.toBe('close');
  leaving.abort();
  expect(await callApi(other, null, 'ready')).toMatchObject({
    status: 503,
    body: { code: 'shutting_down' },
    headers: { 'retry-after': '1', connection: 'close' },
  });
  expect(await callApi(other, null, 'live')).toMatchObject({ status: 200, headers: { connection: 'close' } });
  expect(await callApi(other, key, 'listWorkflows')).toMatchObject({ status: 200, headers: { connection: 'close' } });
  await other.close();
});

test('health: a database that does not answer is away', async () => {
  const runtime = { ...parts.runtime, sleep: () => Promise.resolve() };
  const other = await createApi({
    ...parts,
    runtime,
    store: { ...parts.store, ping: () => new Promise<never>(() => {}) },
  });
  expect((await callApi(other, null, 'ready')).status).toBe(503);
  await other.close();
});

test('metrics: counts of the engine; without a key on loopback only', async () => {
  parts.engine.stats.count([{ type: 'node.woken', at: 1, data: { path: 'a' } }]);
  const { text, headers } = await callApi(app, key, 'metrics');
  expect(headers['content-type']).toContain('text/plain');
  expect(text).toContain('myelin_events_total{type="node.woken"} 1');
  expect(text).toContain('myelin_resident_executions 0');
  expect(text).toContain('process_cpu_seconds_total');
  const again = await callApi(app, key, 'metrics');
  expect(again.text).toContain('myelin_events_total{type="node.woken"} 1');
  const local = await createApi({ ...parts, loopback: true });
  expect((await callApi(local, null, 'metrics')).status).toBe(200);
  await local.close();
});

test('the docs come from this host, with the OpenAPI document and a page of errors', async () => {
  const page = await app.inject('/docs');
  expect(page.statusCode).toBe(200);
  expect(page.payload).not.toMatch(/(?:src|href)="https?:/);
  expect((await app.inject('/docs/static/swagger-ui-bundle.js')).statusCode).toBe(200);
  const errors = await app.inject('/docs/errors');
  expect(errors.headers['content-type']).toContain('text/html');
  for (const code of Object.keys(ERRORS)) expect(errors.payload).toContain(`id="${code}"`);
  const document = (await app.inject('/openapi.json')).json();
  expect(document.openapi).toMatch(/^3\.1/);
  const ids = Object.values<Record<string, { operationId: string }>>(document.paths).flatMap((path) =>
    Object.values(path).map((one) => one.operationId),
  );
  expect(ids.sort()).toEqual(Object.keys(ROUTES).sort());
});

test('what we did not foresee is a problem without details, and logged without addresses', async () => {
  const broken = { ...parts.store.workflows, list: () => Promise.reject(new Error('inside: password')) };
  const other = await createApi({ ...parts, store: { ...parts.store, workflows: broken } });
  const answer = await callApi(other, key, 'listWorkflows', { query: { cursor: 'secret-cursor' } });
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal', detail: ERRORS.internal.meaning } });
  const text = JSON.stringify(logged.at(-1));
  expect(text).toContain('/api/workflows');
  expect(text).not.toContain('secret-cursor');
  expect(text).not.toContain(key);
  await other.close();
});
