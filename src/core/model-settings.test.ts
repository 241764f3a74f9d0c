import { expect, test } from 'vitest';
import type { Fault } from './errors.ts';
import { findModel, keyProblem, modelProblem, parseModelSettings } from './model-settings.ts';

function parse(providers: unknown, models: unknown, keys: Readonly<Record<string, string>> = {}) {
  const faults: Fault[] = [];
  return { settings: parseModelSettings({ providers, models }, (name) => keys[name], faults), faults };
}
const price = (currency: string) => ({ version: '1', currency, input: 1, output: 2 });

test('with nothing written there are the providers everyone knows', () => {
  const { settings, faults } = parse(undefined, null);
  expect(faults).toEqual([]);
  expect(Object.keys(settings.providers)).toEqual(['openai', 'openai-chat', 'anthropic', 'google', 'scripted']);
  expect(settings.models).toEqual({});
  expect(findModel(settings, 'openai:gpt')).toMatchObject({ model: 'gpt', row: { retrievable: true } });
  for (const name of ['other:gpt', 'gpt', 'openai:']) expect(findModel(settings, name)).toBeUndefined();
});

test('a server of one’s own takes no key but the one it names', () => {
  const { settings, faults } = parse(
    {
      vllm: { type: 'openai-compatible', baseUrl: 'http://127.0.0.1:8000/v1/' },
      proxy: { type: 'openai', baseUrl: 'https://proxy.example/v1' },
      keyed: { type: 'anthropic', baseUrl: 'https://proxy.example/v1', key: 'MY_KEY' },
      second: { type: 'openai', baseUrl: 'https://api.openai.com/v1/' },
      openai: { key: 'TEAM_KEY' },
      google: null,
    },
    undefined,
    { MY_KEY: 'secret', OPENAI_API_KEY: 'secret' },
  );
  expect(faults).toEqual([]);
  const keys = Object.values(settings.providers).map(({ name, key }) => [name, key]);
  expect(Object.fromEntries(keys)).toMatchObject({
    ...{ vllm: null, proxy: null, keyed: 'MY_KEY', second: 'OPENAI_API_KEY', openai: 'TEAM_KEY' },
  });
  expect(settings.providers.vllm?.baseUrl).toBe('http://127.0.0.1:8000/v1');
  expect({ ...settings.keys }).toEqual({ MY_KEY: 'secret', OPENAI_API_KEY: 'secret' });
  expect(keyProblem(settings, settings.providers.openai!)).toContain('TEAM_KEY is not set');
  expect(keyProblem(settings, settings.providers.keyed!)).toBeNull();
  expect(keyProblem(settings, settings.providers.vllm!)).toBeNull();
});

test('an alias has what it does not say from the entry of its full name', () => {
  const { settings, faults } = parse(undefined, {
    'openai:gpt': { price: price('USD'), window: 1_000, retrievable: false },
    smart: { model: 'openai:gpt', window: 500, timeout: '2m' },
    safe: { try: ['smart', 'anthropic:claude'], perMinute: 3 },
    plain: { try: ['anthropic:claude'] },
  });
  expect(faults).toEqual([]);
  expect(settings.models.smart).toMatchObject({
    price: price('USD'),
    window: 500,
    timeoutMs: 120_000,
    retrievable: false,
  });
  expect(settings.models['openai:gpt']).toMatchObject({ window: 1_000, timeoutMs: null, tries: [] });
  expect(settings.models.safe).toMatchObject({
    model: 'openai:gpt',
    tries: ['smart', 'anthropic:claude'],
    perMinute: 3,
  });
  expect(findModel(settings, 'safe')).toMatchObject({ provider: { name: 'openai' }, model: 'gpt' });
  expect(findModel(settings, 'plain')).toMatchObject({ provider: { name: 'anthropic' }, model: 'claude' });
});

test('what was made is frozen to the ground', () => {
  const { settings } = parse({ own: { type: 'google' } }, { a: { try: ['own:b'], price: price('USD') } });
  const parts = [settings, settings.providers.own, settings.models, settings.models.a?.tries, settings.models.a?.price];
  for (const part of [...parts, settings.keys]) expect(Object.isFrozen(part)).toBe(true);
});

test.each([
  [[], undefined, 'providers', 'takes a table'],
  ['openai', undefined, 'providers', 'takes a table'],
  [{ own: {} }, undefined, 'providers.own.type', 'is missing; it takes one of openai'],
  [{ own: { type: 'openai-compatible' } }, undefined, 'providers.own.baseUrl', 'is missing'],
  [{ own: { type: 'bedrock' } }, undefined, 'providers.own.type', 'openai'],
  [{ scripted: {} }, undefined, 'providers.scripted.type', 'no settings'],
  [{ 'A b': { type: 'openai' } }, undefined, 'providers.A b', 'name'],
  [{ prototype: { type: 'openai' } }, undefined, 'providers.prototype', 'name'],
  [{ openai: { key: 'sk-my-own-key' } }, undefined, 'providers.openai.key', 'never the key itself'],
  [{ openai: { baseUrl: 'ftp://a' } }, undefined, 'providers.openai.baseUrl', 'takes an address'],
  [{ openai: { baseUrl: 'https://me:pw@a/v1' } }, undefined, 'providers.openai.baseUrl', 'without user'],
  [{ openai: { baseUrl: 'nothing' } }, undefined, 'providers.openai.baseUrl', 'takes an address'],
  [{ openai: { timeout: '1s' } }, undefined, 'providers.openai.timeout', 'unknown field'],
  [undefined, { smart: {} }, 'models.smart.model', 'is missing'],
  [undefined, { smart: { model: 'gpt' } }, 'models.smart.model', 'provider:model'],
  [undefined, { smart: { model: 'nobody:gpt' } }, 'models.smart.model', 'names the provider nobody'],
  [undefined, { 'nobody:gpt': {} }, 'models.nobody:gpt', 'names the provider nobody'],
  [undefined, { 'openai:gpt': { model: 'openai:o3' } }, 'models.openai:gpt.model', 'by the name of the entry'],
  [undefined, { a: { try: ['b'] } }, 'models.a.try.0', 'no entry'],
  [undefined, { a: { try: ['nobody:b'] } }, 'models.a.try.0', 'nobody'],
  [undefined, { a: { try: ['openai:b'] }, c: { try: ['a'] } }, 'models.c.try.0', '`try` of its own'],
  [undefined, { a: { try: ['b:c'], retrievable: false } }, 'models.a.try.0', 'the provider b'],
  [undefined, { a: { model: 'google:g', retrievable: true } }, 'models.a.retrievable', 'type openai'],
  [undefined, { a: { model: 'openai:g', timeout: 'soon' } }, 'models.a.timeout', 'duration'],
  [undefined, { a: { model: 'openai:g', concurrency: 0 } }, 'models.a.concurrency', '1'],
  [undefined, { a: { model: 'openai:g', price: { input: 1, output: 1 } } }, 'models.a.price.version', 'is missing'],
])('%j and %j are refused', (providers, models, path, message) => {
  const { faults } = parse(providers, models);
  expect(faults).toEqual([{ path, message: expect.stringContaining(message) }]);
  expect(JSON.stringify(faults)).not.toContain('sk-my-own-key');
});

test('what is written wrongly is told once, not again by those who name it', () => {
  const { faults } = parse(
    { own: { typ: 'openai' } },
    { smart: { mdel: 'openai:a' }, safe: { try: ['smart', 'own:b'], retrievable: true }, last: { try: ['smrt'] } },
  );
  expect(faults.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'providers.own.typ: unknown field; remove or rename it',
    'models.smart.mdel: unknown field; remove or rename it',
    'models.last.try.0: names smrt, which is no entry of models (did you mean smart?)',
  ]);
});

test('a model that stands for several can be asked as long as one of them can', () => {
  const written = { safe: { try: ['openai:a', 'google:b'] }, other: { model: 'openai:a' } };
  const some = parse(undefined, written, { GOOGLE_GENERATIVE_AI_API_KEY: 'k' }).settings;
  const problem = expect.stringContaining('OPENAI_API_KEY is not set');
  expect(modelProblem(some, 'safe')).toEqual({ problem, instead: 'google:b' });
  expect(modelProblem(some, 'other')).toEqual({ problem, instead: null });
  expect(modelProblem(parse(undefined, written).settings, 'safe')).toEqual({ problem, instead: null });
  for (const name of ['scripted:*', 'nobody'])
    expect(modelProblem(some, name)).toEqual({ problem: null, instead: null });
});

test('all faults are told at once, and prices of two currencies are one', () => {
  const { faults } = parse(
    { own: {} },
    { a: { model: 'openai:a', price: price('USD') }, b: { model: 'openai:b', price: price('EUR') }, c: {} },
  );
  expect(faults.map(({ path }) => path)).toEqual(['providers.own.type', 'models.c.model', 'models.b.price.currency']);
  expect(faults[2]?.message).toContain('is EUR, and that of a is USD');
});
