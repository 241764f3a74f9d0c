/** Workflows that start each other by messages, in a ring that must end. */
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApi } from '../src/api/api.ts';
import { callApi, newKey, type ServerParts, serverParts } from '../src/testing/api.ts';

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

async function deploy(body: object): Promise<void> {
  const { status, text } = await callApi(app, key, 'createWorkflow', { body, query: { activate: 'true' } });
  expect(status, text).toBe(201);
}

/** The executions of a workflow that have ended in this way, oldest first, once there are so many. */
async function ended(workflow: string, count: number, status = 'completed') {
  for (;;) {
    const { body } = await callApi(app, key, 'listExecutions', { query: { workflow, status, limit: '200' } });
    if (body.items.length >= count) return body.items.reverse() as { id: string }[];
    await new Promise((resolve) => setImmediate(resolve));
  }
}

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
