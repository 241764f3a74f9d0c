import { expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { newId, newName } from '../testing/factories.ts';
import { createApi } from './api.ts';

const base = serverParts();
const card = (name: string) => {
  if (name.startsWith('scripted:')) return base.models.card(name);
  throw new MyelinError('model_not_found', `There is no model ${name}.`);
};
const parts = { ...base, models: { ...base.models, card } };

test('a model whose key is missing is a warning where a workflow names it, and nothing else does', async () => {
  const key = 'OPENAI_API_KEY is not set; set it to your key of openai';
  const entry = { ...base.models.card('openai:*'), provider: 'openai', problem: key };
  const models = { ...base.models, list: () => [entry, { ...entry, name: 'scripted:*', problem: null }] };
  const app = await createApi({ ...base, models });
  const config = {
    model: ['openai:gpt-5', 'scripted:triage'],
    prompt: 'x',
    limits: { onBudget: { fallback: 'openai:mini' } },
  };
  const body = { name: newName(), nodes: [{ id: 'a', type: 'agent', config }] };
  const answer = await callApi(app, await newKey(base.store), 'validateWorkflow', { body });
  expect(answer.body.warnings).toEqual([
    { path: 'nodes[0].config.model[0]', message: `openai:gpt-5 cannot be asked: ${key}` },
    { path: 'nodes[0].config.limits.onBudget.fallback', message: `openai:mini cannot be asked: ${key}` },
  ]);
  await app.close();
});

test('models and workflows that do not exist are warnings, at each place that names them', async () => {
  const app = await createApi(parts);
  const key = await newKey(parts.store);
  const [there, self] = [newName(), newName()];
  const call = (id: string, workflow: string) => ({ id, type: 'workflow', config: { workflow } });
  const ask = (id: string, model: string | string[]) => ({ id, type: 'agent', config: { model, prompt: 'x' } });
  await callApi(app, key, 'createWorkflow', { body: { name: there, nodes: [{ id: 'a', type: 'join' }] } });
  const document = {
    name: self,
    settings: { errorWorkflow: 'nobody' },
    nodes: [
      call('a', there),
      call('b', 'nobody'),
      call('c', self),
      call('d', '{{ $json.which }}'),
      ask('e', 'scripted:triage'),
      ask('f', ['scripted:triage', 'none:gpt']),
    ],
    edges: ['a -> b', 'b -> c', 'c -> d', 'd -> e', 'e -> f'],
  };
  const { body } = await callApi(app, key, 'validateWorkflow', { body: document });
  expect(body).toMatchObject({ valid: true, errors: [] });
  expect(body.warnings).toEqual([
    { path: 'settings.errorWorkflow', message: 'there is no workflow nobody; deploy it before this one runs' },
    { path: 'nodes[1].config.workflow', message: 'there is no workflow nobody; deploy it before this one runs' },
    { path: 'nodes[5].config.model[1]', message: 'There is no model none:gpt.' },
  ]);
  expect((await callApi(app, key, 'createWorkflow', { body: document })).status).toBe(201);
  const stranger = await newKey(parts.store, newId());
  const other = await callApi(app, stranger, 'validateWorkflow', { body: document });
  expect(other.body.warnings).toHaveLength(4);
  const invalid = await callApi(app, key, 'validateWorkflow', { body: { ...document, extra: 1 } });
  expect(invalid.body).toMatchObject({ valid: false, warnings: [] });
  await app.close();
});
