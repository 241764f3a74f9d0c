/** Workflows that know nothing of each other, in a chain of messages: the example, and a ring that must end. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApi } from '../src/api/api.ts';
import type { CloudEvent } from '../src/core/cloud-event.ts';
import { callApi, newKey, type ServerParts, serverParts } from '../src/testing/api.ts';

const EXAMPLE = fileURLToPath(new URL('../examples/order-choreography/', import.meta.url));

let parts: ServerParts;
let app: FastifyInstance;
let key: string;

beforeEach(async () => {
  parts = serverParts();
  app = await createApi(parts);
  key = await newKey(parts.store);
  await parts.engine.start();
});

afterEach(async () => {
  await parts.engine.stop(0);
  await app.close();
});

async function deploy(body: unknown): Promise<void> {
  const type = typeof body === 'string' ? 'application/yaml' : 'application/json';
  const { status, text } = await callApi(app, key, 'createWorkflow', {
    body,
    headers: { 'content-type': type },
    query: { activate: 'true' },
  });
  expect(status, text).toBe(201);
}

const RECORDER = {
  name: 'recorder',
  triggers: [{ id: 'all', type: 'event', event: '*' }],
  nodes: [{ id: 'seen', type: 'transform', config: { value: '{{ $trigger }}' } }],
};

/** The executions of a workflow that have ended in this way, oldest first, once there are so many. */
async function ended(workflow: string, count: number, status = 'completed') {
  for (;;) {
    const { body } = await callApi(app, key, 'listExecutions', { query: { workflow, status, limit: '200' } });
    if (body.items.length >= count) return body.items.reverse() as { id: string }[];
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What the recorder has heard, in order. */
async function heard(count: number): Promise<CloudEvent[]> {
  const executions = await ended('recorder', count);
  return await Promise.all(
    executions.map(async ({ id }) => (await callApi(app, key, 'getExecution', { params: { id } })).body.output),
  );
}

const order = (id: number, total: number) =>
  app.inject({ method: 'POST', url: '/webhooks/choreography/orders', payload: { id, items: ['book'], total } });

test('an order is reserved and paid, or reserved, declined and released', async () => {
  for (const file of readdirSync(EXAMPLE)) await deploy(readFileSync(EXAMPLE + file, 'utf8'));
  await deploy(RECORDER);
  expect((await order(1, 40)).statusCode).toBe(202);
  const paid = await heard(3);
  expect(paid.map(({ type }) => type)).toEqual(['order.created', 'inventory.reserved', 'payment.processed']);
  expect(paid.at(-1)).toMatchObject({ data: { id: 1, paid: 40 }, partitionkey: '1' });
  expect((await order(2, 4000)).statusCode).toBe(202);
  const declined = (await heard(7)).slice(3);
  expect(declined.map(({ type }) => type)).toEqual([
    'order.created',
    'inventory.reserved',
    'payment.failed',
    'inventory.released',
  ]);
  expect(declined.at(-1)).toMatchObject({ data: { id: 2, items: ['book'] }, partitionkey: '2', causationdepth: 3 });
  expect(new Set(declined.map(({ correlationid }) => correlationid)).size).toBe(1);
  const [, ...causes] = declined.map(({ causationid }) => causationid);
  expect(causes).toEqual(declined.slice(0, 3).map(({ id }) => id));
});

test('a ring of messages ends with a clear error', async () => {
  await deploy({
    name: 'ring',
    triggers: [{ id: 'again', type: 'event', event: 'ring' }],
    nodes: [{ id: 'on', type: 'emit', config: { type: 'ring' } }],
  });
  expect((await callApi(app, key, 'sendEvents', { body: { type: 'ring' } })).status).toBe(202);
  const [last] = await ended('ring', 1, 'failed');
  const { body } = await callApi(app, key, 'getExecution', { params: { id: String(last?.id) } });
  expect(body.error).toMatchObject({ code: 'limit_exceeded', message: expect.stringContaining('endless loop') });
  expect(await ended('ring', 50)).toHaveLength(50);
});
