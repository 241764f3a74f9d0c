import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import type { ExternalTool, Tools } from '../ports/tools.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { createApi } from './api.ts';

const echo: ExternalTool = {
  id: 'mcp:ill/echo',
  name: 'echo',
  description: 'Gives the text back',
  parameters: { type: 'object' },
  effect: 'read',
  hash: 'a'.repeat(64),
};
const tools: Tools = {
  sources: () => [
    { name: 'mcp:ill', kind: 'mcp', description: 'for tests' },
    { name: 'mcp:dead', kind: 'mcp', description: 'does not answer' },
  ],
  list: async (source) => {
    if (source === 'mcp:ill') return [echo];
    throw new MyelinError(source === 'mcp:dead' ? 'tool_source_failed' : 'tool_not_found', `about ${source}`);
  },
  call: () => Promise.reject(new Error('not in this test')),
  stop: async () => undefined,
};
const parts = serverParts({ tools });
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

test('lists the sources without asking them, and one with its tools', async () => {
  const all = await callApi(app, key, 'listTools');
  expect(all.body.items).toEqual(tools.sources());
  const one = await callApi(app, key, 'listTools', { query: { source: 'mcp:ill' } });
  expect(one.body.items).toEqual([{ ...tools.sources()[0], tools: [echo] }]);
});

test.each([
  [{ source: 'mcp:dead' }, 502, 'tool_source_failed'],
  [{ source: 'mcp:none' }, 422, 'tool_not_found'],
  [{ sauce: 'x' }, 400, 'invalid_request'],
])('%j is answered %i', async (query, status, code) => {
  expect(await callApi(app, key, 'listTools', { query })).toMatchObject({ status, body: { code } });
});

test('needs a key', async () => {
  expect((await callApi(app, null, 'listTools')).status).toBe(401);
});
