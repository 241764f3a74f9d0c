import { expect, test } from 'vitest';
import type { ModelEntry } from '../ports/model.ts';
import { callApi, newKey, serverParts } from '../testing/api.ts';
import { createApi } from './api.ts';

test('models are listed with what keeps them from being asked', async () => {
  const parts = serverParts();
  const entry: ModelEntry = {
    ...parts.models.card('smart'),
    ...{ price: { version: '1', currency: 'USD', input: 1, output: 2, cached: 0.5 }, tries: ['a:b'] },
    ...{ provider: 'openai', problem: 'OPENAI_API_KEY is not set' },
  };
  const app = await createApi({ ...parts, models: { ...parts.models, list: () => [entry] } });
  const { status, body } = await callApi(app, await newKey(parts.store), 'listModels');
  expect([status, body]).toEqual([200, { items: [entry] }]);
  expect((await callApi(app, null, 'listModels')).status).toBe(401);
  await app.close();
});
