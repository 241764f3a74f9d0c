import { expect, test } from 'vitest';
import { type Fault, MyelinError } from '../../core/errors.ts';
import { parseModelSettings } from '../../core/model-settings.ts';
import type { ModelRequest } from '../../ports/model.ts';
import { createModels } from './models.ts';
import type { ModelProvider } from './provider.ts';

const request = (model: string, more: Partial<ModelRequest> = {}): ModelRequest => ({
  ...{ projectId: 'p', model, messages: [{ role: 'user', content: 'hello' }], idempotencyKey: 'key' },
  signal: new AbortController().signal,
  ...more,
});
const answer = { toolCalls: [], finish: 'stop', usage: { inputTokens: 1, outputTokens: 1 } } as const;
const echo: ModelProvider = {
  generate: async (model, asked) => ({ ...answer, text: `${model} for ${asked.model}, ${asked.maxOutputTokens}` }),
};

/** Over a clock that stands until it is told to ring. */
function modelsOf(scripted: ModelProvider, models: object = {}, keys: Readonly<Record<string, string>> = {}) {
  const faults: Fault[] = [];
  const settings = parseModelSettings({ providers: undefined, models }, (name) => keys[name], faults);
  expect(faults).toEqual([]);
  const ring = Promise.withResolvers<void>();
  const slept: number[] = [];
  const sleep = (ms: number) => {
    slept.push(ms);
    return ring.promise;
  };
  const absent = () => Promise.reject(new Error('not in this test'));
  const runtime = { now: () => 0, sleep };
  const made = createModels({
    egress: { fetch: absent },
    settings,
    scripted,
    runtime,
    readBlob: async () => undefined,
  });
  return { models: made, ring, slept };
}

test.each([
  ['scripted:small', 'small for scripted:small, 4096'],
  ['scripted:family:large-2', 'family:large-2 for scripted:family:large-2, 4096'],
  ['smart', 'large for smart, 100'],
])('%s goes to its provider', async (name, text) => {
  const { models } = modelsOf(echo, { smart: { model: 'scripted:large', maxOutputTokens: 100 } });
  expect((await models.generate(request(name))).text).toBe(text);
});

test('what the caller wants counts more than the card', async () => {
  const { models } = modelsOf(echo);
  expect((await models.generate(request('scripted:a', { maxOutputTokens: 7 }))).text).toContain(', 7');
});

test.each(['other:small', 'small', 'scripted:', ':small', '', 'constructor:small', '__proto__:a', 'constructor'])(
  '%j is not found, and the message names what there is',
  async (name) => {
    const { models } = modelsOf(echo, { smart: { model: 'scripted:large' } });
    const notFound = { code: 'model_not_found', message: expect.stringMatching(/scripted.*smart/) };
    await expect(models.generate(request(name))).rejects.toMatchObject(notFound);
    expect(() => models.card(name)).toThrow(expect.objectContaining(notFound));
  },
);

test('our own errors pass, others become model_failed without their text', async () => {
  const ask = (error: unknown) =>
    modelsOf({ generate: () => Promise.reject(error) }).models.generate(request('scripted:a'));
  await expect(ask(new MyelinError('rate_limited'))).rejects.toMatchObject({ code: 'rate_limited' });
  const error: MyelinError = await ask(new Error('key sk-123')).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'model_failed', kind: 'transient', cause: { message: 'key sk-123' } });
  expect(JSON.stringify(error.toInfo())).not.toContain('sk-123');
});

test('the limit of time ends a call, and the caller does so before it', async () => {
  const hanging: ModelProvider = {
    generate: (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
  };
  const { models, ring, slept } = modelsOf(hanging, { slow: { model: 'scripted:a', timeout: '90s' } });
  const late = models.generate(request('slow'));
  const abort = new AbortController();
  const off = models.generate(request('slow', { signal: abort.signal }));
  abort.abort('called off');
  await expect(off).rejects.toBe('called off');
  ring.resolve();
  await expect(late).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('90000 ms') });
  expect(slept).toEqual([90_000, 90_000]);
});

test('a card has what the settings say', () => {
  const price = { version: '1', currency: 'USD', input: 1, output: 2 };
  const { models } = modelsOf(echo, {
    'scripted:large': { price, window: 1_000, concurrency: 3 },
    smart: { model: 'scripted:large', perMinute: 60, concurrency: 4, timeout: '1m' },
    both: { try: ['smart', 'openai:gpt'] },
  });
  const shared = { price, window: 1_000, maxOutputTokens: 4_096, retrievable: false };
  expect(models.card('smart')).toEqual({
    ...{ name: 'smart', ...shared, tries: [], concurrency: 4, perMinute: 60, timeoutMs: 60_000 },
  });
  expect(models.card('both').tries).toEqual(['smart', 'openai:gpt']);
  expect(models.card('openai:gpt')).toMatchObject({ price: null, window: null, retrievable: true });
  expect(models.card('anthropic:claude').retrievable).toBe(false);
});

test('the list has the named ones and the providers, with what is missing, and no key', () => {
  const written = { smart: { model: 'openai:gpt' }, safe: { try: ['smart', 'anthropic:claude'] } };
  const { models } = modelsOf(echo, written, { ANTHROPIC_API_KEY: 'sk-ant-secret' });
  const list = models.list();
  expect(list.map(({ name }) => name)).toEqual([
    ...['smart', 'safe', 'openai:*', 'openai-chat:*', 'anthropic:*', 'google:*', 'scripted:*'],
  ]);
  const byName = new Map(list.map((entry) => [entry.name, entry]));
  expect(byName.get('smart')).toMatchObject({ provider: 'openai', problem: expect.stringContaining('OPENAI_API_KEY') });
  expect(byName.get('safe')!.problem).toMatch(/OPENAI_API_KEY.*; anthropic:claude is asked instead$/);
  expect(byName.get('anthropic:*')!.problem).toBeNull();
  expect(byName.get('scripted:*')!.problem).toBeNull();
  expect(JSON.stringify(list)).not.toContain('sk-ant-secret');
});

test('a model without a key says which variable it wants', async () => {
  const answered = modelsOf(echo).models.generate(request('google:gemini'));
  const message = expect.stringContaining('GOOGLE_GENERATIVE_AI_API_KEY');
  await expect(answered).rejects.toMatchObject({ code: 'model_key_missing', kind: 'permanent', message });
});
