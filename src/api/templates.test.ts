import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readTemplates } from '../adapters/templates/read-templates.ts';
import type { Definition } from '../core/definition/schema.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { createApi } from './api.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const parts = serverParts({ templates: readTemplates(EXAMPLES) });
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
  app = await createApi(parts);
  key = await newKey(parts.store);
});
afterAll(() => app.close());

test('templates are the examples, with what they are made of and what they need', async () => {
  const { body } = await callApi(app, key, 'listTemplates');
  const names = body.items.map((one: { name: string }) => one.name);
  expect(names).toEqual(expect.arrayContaining(['incident-triage', 'order-saga']));
  const triage = body.items.find((one: { name: string }) => one.name === 'incident-triage');
  expect(triage).toMatchObject({ triggers: ['webhook'], needs: { models: ['scripted:triage'], workflows: [] } });
  expect(triage.nodeTypes).toEqual(expect.arrayContaining(['agent', 'approval', 'http']));
  expect(triage).not.toHaveProperty('definition');
});

test('one is answered as YAML and as JSON, which are the same and can be saved', async () => {
  const { body: list } = await callApi(app, key, 'listTemplates');
  for (const { name } of list.items) {
    const { body } = await callApi(app, key, 'getTemplate', { params: { name } });
    expect(parse(body.yaml)).toEqual(body.definition);
    const saved = await callApi(app, key, 'createWorkflow', { body: body.definition });
    expect(saved.status, saved.text).toBe(201);
  }
});

test('what does not exist is named, and no folder means no templates', async () => {
  const { body } = await callApi(app, key, 'getTemplate', { params: { name: 'nobody' } });
  expect(body).toMatchObject({ status: 404, code: 'template_not_found' });
  expect(readTemplates(join(EXAMPLES, 'nowhere'))).toEqual([]);
  expect(() => readTemplates(join(EXAMPLES, 'assistant.yaml'))).toThrow('ENOTDIR');
});

test('a connection that one names is told', async () => {
  const definition: Definition = {
    name: 'asks',
    nodes: [{ id: 'a', type: 'http', config: { url: '/x', connection: 'shop' } }],
  };
  const other = await createApi({ ...parts, templates: [{ definition, yaml: '' }] });
  const { body } = await callApi(other, key, 'listTemplates');
  expect(body).toMatchObject({ items: [{ needs: { connections: ['shop'], models: [] } }] });
  await other.close();
});
