import { expect, test } from 'vitest';
import { MyelinError } from '../../core/errors.ts';
import type { ModelRequest } from '../../ports/model.ts';
import { createModels } from './models.ts';

const request = (model: string): ModelRequest => ({
  model,
  prompt: 'hello',
  idempotencyKey: 'key',
  signal: new AbortController().signal,
});
const usage = { inputTokens: 1, outputTokens: 1 };
const echo = { generate: async (request: ModelRequest) => ({ text: request.model, usage }) };
const failing = (error: unknown) => ({ generate: () => Promise.reject(error) });

test.each([
  ['echo:small', 'small'],
  ['echo:family:large-2', 'family:large-2'],
])('%s goes to its provider as %s', async (name, model) => {
  expect(await createModels({ echo }).generate(request(name))).toEqual({ text: model, usage });
});

test.each(['other:small', 'small', 'echo:', ':small', '', 'constructor:small', '__proto__:a'])(
  '%j is not found, and the message names what there is',
  async (name) => {
    const answer = createModels({ echo }).generate(request(name));
    await expect(answer).rejects.toMatchObject({ code: 'model_not_found', message: expect.stringContaining('echo') });
  },
);

test('our own errors pass, others become model_failed without their text', async () => {
  const models = createModels({
    busy: failing(new MyelinError('rate_limited')),
    broken: failing(new Error('key sk-123')),
  });
  await expect(models.generate(request('busy:a'))).rejects.toMatchObject({ code: 'rate_limited' });
  const error = await models.generate(request('broken:a')).catch((thrown: MyelinError) => thrown);
  expect(error).toMatchObject({ code: 'model_failed', kind: 'transient', cause: { message: 'key sk-123' } });
  expect(JSON.stringify((error as MyelinError).toInfo())).not.toContain('sk-123');
});
