import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ModelRequest } from '../../ports/model.ts';
import { scriptedModels } from './scripted.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'myelin-models-'));
});
afterEach(() => rm(folder, { recursive: true }));

type Asked = Partial<ModelRequest> & { readonly prompt?: string };

const request = (prompt: string): ModelRequest => ({
  ...{ projectId: 'p', model: 'scripted:demo', messages: [{ role: 'user', content: prompt }] },
  ...{ idempotencyKey: 'key', signal: AbortSignal.any([]) },
});

/** A model under a clock of our own: `slept` are the delays asked for. */
async function scripted(rules: string, name = 'demo') {
  await writeFile(join(folder, `${name}.yaml`), rules);
  const slept: number[] = [];
  let clock = 0;
  const now = () => (clock += 1_000);
  const model = scriptedModels({ folders: [folder], now, sleep: async (ms) => void slept.push(ms) });
  const generate = ({ prompt = 'hello', ...more }: Asked = {}) =>
    model.generate(more.model ?? name, { ...request(prompt), ...more });
  return { generate, slept };
}

const ended = { toolCalls: [], finish: 'stop' };

test('text, with words for tokens', async () => {
  const { generate, slept } = await scripted('default: { reply: three words here, delay: 200ms }');
  const answer = await generate({ system: 'be kind', prompt: 'a b  c' });
  expect(answer).toEqual({ text: 'three words here', ...ended, usage: { inputTokens: 5, outputTokens: 3 } });
  expect(slept).toEqual([200]);
});

test('an object where a schema asks for one, else its text', async () => {
  const { generate, slept } = await scripted(
    'rules: [{ match: json, reply: \'{"a": 2}\' }, { match: plain, reply: plain }]\n' +
      'default: { reply: { a: 1 }, usage: { inputTokens: 7, outputTokens: 8 } }',
  );
  const usage = { inputTokens: 7, outputTokens: 8 };
  expect(await generate({ schema: {} })).toEqual({ text: '{"a":1}', object: { a: 1 }, ...ended, usage });
  expect(await generate()).toEqual({ text: '{"a":1}', ...ended, usage });
  expect((await generate({ schema: {}, prompt: 'json' })).object).toEqual({ a: 2 });
  expect(await generate({ schema: {}, prompt: 'plain' })).not.toHaveProperty('object');
  expect(slept).toEqual([]);
});

test('errors are counted for each idempotency key', async () => {
  const { generate } = await scripted('default: { reply: done, error: { code: rate_limited, times: 2 } }');
  const attempts = async (idempotencyKey: string) => {
    const ends = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      ends.push(
        await generate({ idempotencyKey }).then(
          (answer) => answer.text,
          (error) => error.code,
        ),
      );
    }
    return ends;
  };
  expect(await attempts('a')).toEqual(['rate_limited', 'rate_limited', 'done']);
  expect(await attempts('b')).toEqual(['rate_limited', 'rate_limited', 'done']);
});

test('an error that never ends, and no rule at all', async () => {
  const { generate } = await scripted('rules: [{ match: hello, error: { code: timeout } }]');
  for (let attempt = 1; attempt <= 5; attempt++) await expect(generate()).rejects.toMatchObject({ code: 'timeout' });
  await expect(generate({ prompt: 'other' })).rejects.toMatchObject({ code: 'model_failed' });
});

test('a changed file is read again', async () => {
  const { generate } = await scripted('default: { reply: one }');
  expect((await generate()).text).toBe('one');
  await writeFile(join(folder, 'demo.yaml'), 'default: { reply: two }');
  await utimes(join(folder, 'demo.yaml'), 1, 1);
  expect((await generate()).text).toBe('two');
});

test('the signal ends the delay, and its reason is thrown', async () => {
  await writeFile(join(folder, 'demo.yaml'), 'default: { reply: late, delay: 1h }');
  const abort = new AbortController();
  const sleep = (_ms: number, signal?: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    signal?.addEventListener('abort', () => resolve());
    abort.abort(new Error('canceled'));
    return promise;
  };
  const model = scriptedModels({ folders: [folder], now: Date.now, sleep });
  const answer = model.generate('demo', { ...request('a'), signal: abort.signal });
  await expect(answer).rejects.toThrow('canceled');
});

describe('what is not there', () => {
  test('the message names the expected file', async () => {
    const { generate } = await scripted('default: { reply: a }');
    await expect(generate({ model: 'gone' })).rejects.toMatchObject({
      code: 'model_not_found',
      message: expect.stringContaining(join(folder, 'gone.yaml')),
    });
  });

  test.each(['../demo', 'a/b', '..', 'demo.yaml', 'Demo', '', 'demo\0', '%2e%2e'])('%j is no name', async (model) => {
    const { generate } = await scripted('default: { reply: a }');
    const error = { code: 'model_not_found', message: expect.stringContaining('a-z') };
    await expect(generate({ model })).rejects.toMatchObject(error);
  });

  test('broken rules say where', async () => {
    const { generate } = await scripted('default: { replies: a }');
    const error = { code: 'config_invalid', message: expect.stringContaining('demo.yaml') };
    await expect(generate()).rejects.toMatchObject(error);
  });
});

describe('examples/models/triage.yaml', () => {
  const examples = join(import.meta.dirname, '../../../examples/models');
  const triage = scriptedModels({ folders: [examples], now: Date.now, sleep: async () => {} });
  test.each([
    ['service: orders\nconnect ECONNREFUSED 10.0.0.5:5432', 'critical', 'network', 'orders'],
    ['{"service":"payments","log":"Out of memory: killed process 4242"}', 'critical', 'application', 'payments'],
    ['service=billing ERROR deadlock detected', 'critical', 'database', 'billing'],
    ['service: search.v2\n\nupstream answered 504', 'warning', 'network', 'search.v2'],
    ['FATAL: sorry, too many connections already', 'critical', 'database', 'unknown'],
    ['service: web\nGET /room/5040 200', 'info', 'unknown', 'web'],
    ['GET /health 200', 'info', 'unknown', 'unknown'],
  ])('%s', async (prompt, severity, category, service) => {
    const answer = await triage.generate('triage', { ...request(prompt), schema: {} });
    expect(answer.object).toEqual({
      severity,
      category,
      service,
      summary: expect.any(String),
      action: expect.any(String),
    });
  });
});

describe('a conversation', () => {
  const rules = `
rules:
  - { match: hello, turn: 0, tools: [{ name: look, arguments: { for: '$0' } }, { name: look, arguments: 'no JSON' }] }
  - { match: 'pay (\\d+)', tools: [{ name: pay, arguments: '{"amount":$1}' }] }
  - { after: look, match: 'found (.*)', reply: 'There is $1, as you see.', stream: { every: 10ms } }
`;

  test('calls tools with ids that differ, then goes by what they answered', async () => {
    const { generate, slept } = await scripted(rules);
    const first = await generate({ schema: {} });
    expect(first).toMatchObject({ text: '', finish: 'tools', usage: { inputTokens: 1, outputTokens: 5 } });
    expect(first).not.toHaveProperty('object');
    expect(first.toolCalls).toEqual([
      { id: 'call_0_0', name: 'look', arguments: { for: 'hello' } },
      { id: 'call_0_1', name: 'look', arguments: 'no JSON' },
    ]);
    const paying = await generate({ messages: [{ role: 'user', content: 'pay 12' }] });
    expect(paying.toolCalls[0]?.arguments, 'text that is JSON is what it says').toEqual({ amount: 12 });
    const heard: string[] = [];
    const answer = await generate({
      messages: [
        { role: 'user', content: 'hello' },
        { role: 'assistant', content: '', toolCalls: [...first.toolCalls] },
        { role: 'tool', callId: 'call_0_0', name: 'look', content: 'found gold' },
      ],
      onText: (piece) => void heard.push(piece),
    });
    expect(answer).toMatchObject({ text: 'There is gold, as you see.', finish: 'stop' });
    expect(heard).toEqual(['There', ' is', ' gold,', ' as', ' you', ' see.']);
    expect(slept).toEqual(Array(6).fill(10));
  });

  test('streams in so many pieces, and ends with the signal', async () => {
    const { generate } = await scripted('default: { reply: a b c d e, stream: { every: 1s, pieces: 2 } }');
    const heard: string[] = [];
    await generate({ onText: (piece) => void heard.push(piece) });
    expect(heard).toEqual(['a b c', ' d e']);
    const abort = new AbortController();
    const cut = generate({ signal: abort.signal, onText: () => abort.abort(new Error('canceled')) });
    await expect(cut).rejects.toThrow('canceled');
  });

  test('without a stream the text is heard whole', async () => {
    const { generate } = await scripted('default: { reply: a b c }');
    const heard: string[] = [];
    await generate({ onText: (piece) => void heard.push(piece) });
    expect(heard).toEqual(['a b c']);
  });
});
